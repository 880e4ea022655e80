# SPDX-License-Identifier: AGPL-3.0-or-later
"""Update metadata against python-tuf's own client: what it learns, and every way to mislead it."""

from __future__ import annotations

import dataclasses
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    UnsignedMetadataError,
)
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from resources.packaging.builder import stage, tuf_keys, tuf_repo
from resources.packaging.builder.errors import BuilderError, Refused
from resources.packaging.builder.release import Release
from resources.packaging.builder.tuf_keys import TufKeys
from tests.helpers import softhsm
from tests.installer.keys import of_updates

Needs = Callable[..., None]
DAY_S = 86_400
MSI = "win-x64/ecabinet.msi"


class Folder(FetcherInterface):
    """Serves a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _fetch(self, url: str):
        path = self.root / url.removeprefix("mem:///")
        if not path.is_file():
            raise DownloadHTTPError(url, 404)
        yield path.read_bytes()


@pytest.fixture(scope="module")
def keys() -> TufKeys:
    return of_updates()


@pytest.fixture
def installer(tmp_path: Path) -> Path:
    path = tmp_path / "ecabinet.msi"
    path.write_bytes(b"installer")
    return path


def publish(release: Release, folder: Path, installer: Path, keys: TufKeys, *, days_ago: int = 0) -> Path:
    now = int(time.time()) - days_ago * DAY_S
    return tuf_repo.publish(release, folder, {"win-x64": installer}, keys, now=now, min_version="1.0.0")


@pytest.fixture
def repository(release: Release, tmp_path: Path, installer: Path, keys: TufKeys) -> Path:
    return publish(release, tmp_path / "repo", installer, keys)


@pytest.fixture
def member(repository: Path, tmp_path: Path) -> Path:
    """What a client trusts: the root it was installed with."""
    folder = tmp_path / "member"
    folder.mkdir()
    shutil.copy(repository / "metadata" / "1.root.json", folder / "root.json")
    return folder


def look(member: Path, repository: Path) -> dict[str, str]:
    """What a client learns; the metadata it has believed stays with it."""
    updater = Updater(
        str(member),
        "mem:///metadata/",
        fetcher=Folder(repository),
        config=UpdaterConfig(max_root_rotations=4),
        bootstrap=(member / "root.json").read_bytes() if not (member / "timestamp.json").exists() else None,
    )
    updater.refresh()
    found = updater.get_targetinfo(MSI)
    assert found is not None
    custom: dict[str, str] = found.custom
    return custom


def edit(path: Path, **changes: object) -> None:
    document = json.loads(path.read_bytes())
    document["signed"] |= changes
    path.write_text(json.dumps(document))


def test_a_client_learns_of_a_version_and_downloads_nothing(member: Path, repository: Path) -> None:
    assert look(member, repository) == {
        "version": "1.2.3",
        "channel": "test",
        "target": "win-x64",
        "min_version": "1.0.0",
    }
    assert not (repository / "targets").exists()


def test_a_newer_release_is_seen(
    member: Path, repository: Path, release: Release, installer: Path, keys: TufKeys
) -> None:
    look(member, repository)
    publish(dataclasses.replace(release, version="1.2.4"), repository, installer, keys)
    assert look(member, repository)["version"] == "1.2.4"


def test_a_replayed_older_repository_is_refused(
    member: Path, repository: Path, tmp_path: Path, release: Release, installer: Path, keys: TufKeys
) -> None:
    old = tmp_path / "old"
    shutil.copytree(repository, old)
    publish(dataclasses.replace(release, version="1.2.4"), repository, installer, keys)
    look(member, repository)
    with pytest.raises(BadVersionNumberError):
        look(member, old)


def test_a_frozen_repository_expires(
    member: Path, release: Release, tmp_path: Path, installer: Path, keys: TufKeys
) -> None:
    stale = publish(release, tmp_path / "stale", installer, keys, days_ago=31)
    shutil.copy(stale / "metadata" / "1.root.json", member / "root.json")
    with pytest.raises(ExpiredMetadataError):
        look(member, stale)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("timestamp.json", UnsignedMetadataError),
        ("1.snapshot.json", DownloadLengthMismatchError),
        ("1.targets.json", DownloadLengthMismatchError),
    ],
)
def test_altered_metadata_is_refused(member: Path, repository: Path, name: str, error: type[Exception]) -> None:
    edit(repository / "metadata" / name, expires="2099-01-01T00:00:00Z")
    with pytest.raises(error):
        look(member, repository)


def test_a_stranger_keys_are_refused(member: Path, release: Release, tmp_path: Path, installer: Path) -> None:
    strange = publish(release, tmp_path / "strange", installer, of_updates())
    with pytest.raises(UnsignedMetadataError):
        look(member, strange)


def test_a_root_below_its_threshold_is_refused(member: Path, repository: Path, keys: TufKeys) -> None:
    from tuf.api.metadata import Metadata, Root

    root = Metadata[Root].from_file(str(repository / "metadata" / "1.root.json"))
    root.signed.version = 2
    root.signatures.clear()
    root.sign(keys.root[0])
    root.to_file(str(repository / "metadata" / "2.root.json"))
    with pytest.raises(UnsignedMetadataError):
        look(member, repository)


def test_an_exchanged_installer_is_noticed(member: Path, repository: Path, installer: Path) -> None:
    updater = Updater(
        str(member),
        "mem:///metadata/",
        target_dir=str(member),
        target_base_url="mem:///targets/",
        fetcher=Folder(repository),
        config=UpdaterConfig(prefix_targets_with_hash=False),
        bootstrap=(member / "root.json").read_bytes(),
    )
    updater.refresh()
    found = updater.get_targetinfo(MSI)
    assert found is not None
    served = repository / "targets" / MSI
    served.parent.mkdir(parents=True)
    served.write_bytes(b"Installer")
    with pytest.raises(LengthOrHashMismatchError):
        updater.download_target(found)
    served.write_bytes(installer.read_bytes())
    assert Path(updater.download_target(found)).read_bytes() == b"installer"


def test_publishing_goes_forward_only(repository: Path, release: Release, installer: Path, keys: TufKeys) -> None:
    with pytest.raises(Refused, match="would go back"):
        publish(dataclasses.replace(release, version="1.2.2"), repository, installer, keys)
    few = dataclasses.replace(keys, root=keys.root[:1])
    with pytest.raises(Refused, match="root needs 2 keys"):
        publish(release, repository.parent / "few", installer, few)


def test_a_minimum_above_the_release_is_refused(
    release: Release, tmp_path: Path, installer: Path, keys: TufKeys
) -> None:
    with pytest.raises(Refused, match=r"nobody could use 1\.2\.3"):
        tuf_repo.publish(release, tmp_path / "r", {"win-x64": installer}, keys, now=0, min_version="1.2.4")


def test_keys_that_the_root_does_not_name_publish_nothing(
    repository: Path, release: Release, installer: Path, keys: TufKeys
) -> None:
    before = sorted(path.name for path in (repository / "metadata").iterdir())
    with pytest.raises(Refused, match="does not accept the keys of targets"):
        publish(release, repository, installer, dataclasses.replace(keys, targets=CryptoSigner.generate_ecdsa()))
    assert sorted(path.name for path in (repository / "metadata").iterdir()) == before


def test_a_new_root_needs_the_old_threshold_and_its_own(
    member: Path, repository: Path, release: Release, installer: Path, keys: TufKeys
) -> None:
    now, fresh = int(time.time()), of_updates()
    for wrong in (fresh, dataclasses.replace(fresh, before=keys.root[:1])):
        with pytest.raises(Refused, match="the root in force does not accept"):
            tuf_repo.renew_root(repository, wrong, now=now)
    tuf_repo.renew_root(repository, dataclasses.replace(fresh, before=keys.root[:2]), now=now)
    publish(dataclasses.replace(release, version="1.2.4"), repository, installer, fresh)
    assert look(member, repository)["version"] == "1.2.4"


def test_a_build_carries_the_root_that_lies_beside_the_builder(release: Release, tmp_path: Path) -> None:
    stage.write(release, tmp_path / "without")
    assert not (tmp_path / "without" / stage.UPDATE_ROOT).exists()
    own = dataclasses.replace(release, root=tmp_path / "project")
    own.packaging.mkdir(parents=True)
    (own.packaging / stage.UPDATE_ROOT).write_bytes(b"{}")
    stage.write(own, tmp_path / "with")
    assert (tmp_path / "with" / stage.UPDATE_ROOT).read_bytes() == b"{}"


def pem(path: Path, curve: ec.EllipticCurve | None = None) -> Path:
    key = ec.generate_private_key(curve or ec.SECP256R1())
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def named(name: str, root: str | None = None) -> dict[str, str]:
    roles = {f"SIGN_TUF_{role}": name for role in ("TARGETS", "SNAPSHOT", "TIMESTAMP")}
    return roles | {"SIGN_TUF_ROOT": root or name, "SIGN_TUF_THRESHOLD": "1"}


def test_keys_are_named_by_the_environment(tmp_path: Path) -> None:
    with pytest.raises(BuilderError, match="SIGN_TUF_ROOT, SIGN_TUF_TARGETS"):
        tuf_keys.from_environment({})
    one, two = pem(tmp_path / "one.pem"), pem(tmp_path / "an other.pem")
    found = tuf_keys.from_environment(named(str(one), f"{one} '{two}'"))
    assert (len(found.root), found.threshold) == (2, 1)
    one.write_text("no key")
    with pytest.raises(BuilderError, match="not a private key"):
        tuf_keys.from_environment(named(str(one)))
    with pytest.raises(BuilderError, match="clients take ecdsa-sha2-nistp256 only"):
        tuf_keys.from_environment(named(str(pem(tmp_path / "large.pem", ec.SECP384R1()))))


def test_production_takes_no_key_files(release: Release, production: Release, tmp_path: Path) -> None:
    env = named(str(pem(tmp_path / "key.pem")))
    tuf_keys.allow(release, env)
    with pytest.raises(Refused, match="use a token"):
        tuf_keys.allow(production, env)
    with pytest.raises(Refused, match="use a token"):
        tuf_keys.allow(production, named("pkcs11:token=a;object=b") | {"SIGN_TUF_OLD_ROOT": str(tmp_path / "key.pem")})
    tuf_keys.allow(production, named("pkcs11:token=a;object=b"))
    with pytest.raises(Refused, match="inside the project's folder"):
        tuf_keys.allow(release, named(str(release.root / "key.pem")))


def test_keys_on_a_token_sign_what_a_client_believes(
    production: Release, tmp_path: Path, installer: Path, monkeypatch: pytest.MonkeyPatch, needs: Needs
) -> None:
    needs("softhsm2-util", "openssl")
    module = softhsm.make_token(tmp_path / "token", monkeypatch)
    for number, name in enumerate(("root-1", "root-2", "online")):
        words = ("--token", softhsm.LABEL, "--label", name, "--id", f"0{number}", "--pin", softhsm.PIN)
        softhsm.util("--import", str(pem(tmp_path / f"{name}.pem")), *words)
        (tmp_path / f"{name}.pem").unlink()
    pin = tmp_path / "pin"
    pin.write_text(softhsm.PIN)
    online, first, second = (f"pkcs11:token={softhsm.LABEL};object={name}" for name in ("online", "root-1", "root-2"))
    env = named(online, f"{first} {second};pin-source=file:{pin}") | {"SIGN_TUF_THRESHOLD": "2"}
    with pytest.raises(BuilderError, match="needs SIGN_PKCS11_MODULE, SIGN_PIN_FILE"):
        tuf_keys.from_environment(env)
    env |= {"SIGN_PKCS11_MODULE": str(module), "SIGN_PIN_FILE": str(pin)}
    tuf_keys.allow(production, env)
    on_token = tuf_keys.from_environment(env)
    folder = publish(production, tmp_path / "repo", installer, on_token)
    trusted = tmp_path / "member"
    trusted.mkdir()
    shutil.copy(folder / "metadata" / "1.root.json", trusted / "root.json")
    assert look(trusted, folder)["channel"] == "production"
