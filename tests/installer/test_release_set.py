# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole release set, checked as it arrives: honest, and with each of the ways somebody could have touched it."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import shutil
import stat
import subprocess
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

from resources.packaging.builder import (
    bundle,
    dsse,
    licences,
    lock,
    manifest,
    provenance,
    rebuild,
    sbom,
    signing,
    tree,
    tuf_repo,
    verify,
)
from resources.packaging.builder.errors import BuilderError, NotVerified, Refused
from resources.packaging.builder.manifest import PROVENANCE, SUMS
from resources.packaging.builder.release import Release
from resources.packaging.builder.verify import Report, Trust
from tests.installer import keys
from tests.installer.conftest import EPOCH
from tests.installer.keys import Authorities, Issued

Needs = Callable[..., None]
ROOT = Path(__file__).resolve().parents[2]


def build(release: Release, authorities: Authorities, *, who: Issued | None = None, stamp: str = "") -> Path:
    """A set with one (invented) Debian package."""
    (release.target("linux") / "ecabinet_1.2.3~test_amd64.deb").write_text("a package (dữ liệu giả định)")
    more = authorities.stamping(stamp) if stamp else {}
    config = signing.from_environment(authorities.signing(who or authorities.signer) | more)
    return manifest.make(release, config)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory, authorities: Authorities) -> Path:
    """One honest set; every test gets a copy."""
    dist = tmp_path_factory.mktemp("honest")
    return build(Release(ROOT, "1.2.3", "test", EPOCH, "", dirty=False, tagged=False, dist=dist), authorities)


@pytest.fixture
def released(honest: Path, tmp_path: Path) -> Path:
    return shutil.copytree(honest, tmp_path / "release")


def trust(authorities: Authorities, **more: Any) -> Trust:
    return Trust(authorities.root.pem, authorities.tsa_root.pem, **more)


def failed(folder: Path, wanted: Trust) -> dict[str, str]:
    """Rules that do not hold, with the reason."""
    return {one.rule: one.detail for one in verify.verify(folder, wanted).findings if not one.ok}


def test_an_honest_set(released: Path, authorities: Authorities) -> None:
    report = verify.verify(released, trust(authorities, publisher=keys.PUBLISHER))
    assert report.ok, report.as_text()
    assert json.loads(report.as_json())["ok"] is True
    assert report.as_text().endswith("verified")
    names = {path.relative_to(released).as_posix() for path in tree.files(released)}
    assert {"sbom-linux.cdx.json", PROVENANCE, SUMS, f"{SUMS}.p7s", "signer.pem"} <= names
    assert {"policy/PolicyDefinitions/ecabinet.admx", "THIRD-PARTY-LICENCES/linux/NOTICE.md"} <= names
    checked = subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=released, check=False, capture_output=True)
    assert checked.returncode == 0, "anybody can check the list without our program"


def alter(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def resign(folder: Path, authorities: Authorities, who: Issued) -> None:
    manifest.write_sums(folder)
    signing.cms(signing.from_environment(authorities.signing(who)), folder / SUMS)


DEB = "ecabinet_1.2.3~test_amd64.deb"
ATTACKS: dict[str, tuple[Callable[[Path, Authorities], object], str]] = {
    "altered installer": (lambda f, _a: alter(f / DEB), "files"),
    "removed file": (lambda f, _a: (f / "policy" / "policy.md").unlink(), "files"),
    "added file": (lambda f, _a: (f / "setup.exe.txt").write_text("x"), "files"),
    "link out of the folder": (
        lambda f, _a: ((f / "policy" / "policy.md").unlink(), (f / "policy" / "policy.md").symlink_to("/etc/passwd")),
        "files",
    ),
    "altered list": (
        lambda f, _a: (f / SUMS).write_text((f / SUMS).read_text().replace("0", "1", 1)),
        "signature of the list",
    ),
    "no signature": (lambda f, _a: (f / f"{SUMS}.p7s").unlink(), "signature of the list"),
    "no list": (lambda f, _a: (f / SUMS).unlink(), "list of hashes"),
    "signed by a stranger": (lambda f, a: resign(f, a, a.stranger), "signature of the list"),
    "signed by a web server's key": (lambda f, a: resign(f, a, a.tls_only), "signature of the list"),
    "stranger's certificate": (
        lambda f, a: (shutil.copy(a.stranger.pem, f / "signer.pem"), resign(f, a, a.signer)),
        "signer",
    ),
    "altered provenance": (lambda f, a: (alter_payload(f), resign(f, a, a.signer)), "provenance"),
    "no provenance": (lambda f, a: ((f / PROVENANCE).unlink(), resign(f, a, a.signer)), "provenance"),
    "installer exchanged by the signer of lists": (
        lambda f, a: ((f / DEB).write_bytes(b"other"), resign(f, a, a.signer)),
        "provenance",
    ),
    "bill of materials of something else": (lambda f, a: (alter_bill(f), resign(f, a, a.signer)), "bills of materials"),
    "bill of materials without licences": (lambda f, a: (silence(f), resign(f, a, a.signer)), "bills of materials"),
    "no bill of materials": (
        lambda f, a: ((f / "sbom-linux.cdx.json").unlink(), resign(f, a, a.signer)),
        "bills of materials",
    ),
    "list that climbs out": (lambda f, _a: (f / SUMS).write_text("0" * 64 + "  ../../etc/passwd\n"), "list of hashes"),
    "list that is not one": (lambda f, _a: (f / SUMS).write_bytes(b"\xff\xfe\x00"), "list of hashes"),
}


def alter_payload(folder: Path) -> None:
    document = json.loads((folder / PROVENANCE).read_bytes())
    payload = base64.b64decode(document["payload"]).replace(b'"test"', b'"production"')
    document["payload"] = base64.b64encode(payload).decode()
    (folder / PROVENANCE).write_text(json.dumps(document))


def alter_bill(folder: Path) -> None:
    path = folder / "sbom-linux.cdx.json"
    document = json.loads(path.read_bytes())
    document["metadata"]["component"]["components"][0]["hashes"][0]["content"] = "0" * 64
    path.write_text(json.dumps(document))


def silence(folder: Path) -> None:
    path = folder / "sbom-linux.cdx.json"
    document = json.loads(path.read_bytes())
    document["components"][0]["licenses"] = []
    path.write_text(json.dumps(document))


@pytest.mark.parametrize("attack", ATTACKS)
def test_each_attack_is_named(released: Path, authorities: Authorities, attack: str) -> None:
    do, rule = ATTACKS[attack]
    do(released, authorities)
    found = failed(released, trust(authorities))
    assert rule in found, found
    report = verify.verify(released, trust(authorities))
    assert "NOT VERIFIED" in report.as_text()
    assert not json.loads(report.as_json())["ok"]


def test_another_publisher_or_authority(released: Path, authorities: Authorities) -> None:
    assert "signed by" in failed(released, trust(authorities, publisher="Somebody"))["signature of the list"]
    strangers = failed(released, Trust(authorities.other_root.pem))
    assert {"signature of the list", "signer"} <= set(strangers)


def test_years_later_only_a_stamped_set_holds(release: Release, authorities: Authorities, needs: Needs) -> None:
    needs("openssl")
    later = int(time.time()) + 365 * 86_400
    plain = build(dataclasses.replace(release, commit=""), authorities, who=authorities.ending)
    assert "signature of the list" in failed(plain, trust(authorities, at=later))
    with keys.time_stamp_authority(authorities) as url:
        stamped = build(dataclasses.replace(release, commit=""), authorities, who=authorities.ending, stamp=url)
    assert "signature of the list" not in failed(stamped, Trust(authorities.root.pem, authorities.tsa_root.pem))
    assert (stamped / f"{SUMS}.tsr").is_file()


def test_a_production_set_is_stamped_or_not_verified(
    release: Release, authorities: Authorities, tmp_path: Path, needs: Needs
) -> None:
    """Production never signs without a stamp, so a set that says production and has none was not made by it."""
    needs("openssl")
    with keys.time_stamp_authority(authorities) as url:
        folder = build(dataclasses.replace(release, commit=""), authorities, stamp=url)
        config = signing.from_environment(authorities.signing(authorities.signer) | authorities.stamping(url))
        said = provenance.statement(dataclasses.replace(release, channel="production", commit=""), [folder / DEB])
        (folder / PROVENANCE).write_bytes(dsse.envelope(said, config))
        manifest.write_sums(folder)
        signing.cms(config, folder / SUMS)
    assert failed(folder, trust(authorities)) == {}
    assert "without a time stamp" in failed(folder, Trust(authorities.root.pem))["time stamps"]
    (folder / f"{SUMS}.tsr").unlink()
    assert set(failed(folder, trust(authorities))) == {"time stamps"}


def test_the_same_release_gives_the_same_set(release: Release, tmp_path: Path, authorities: Authorities) -> None:
    """All but what is signed or stamped."""
    unsigned = {SUMS, f"{SUMS}.p7s", PROVENANCE}
    hashes = []
    for name in ("a", "b"):
        one = dataclasses.replace(release, commit="", dist=tmp_path / name)
        hashes.append(tree.hashes(build(one, authorities)))
    assert {k: v for k, v in hashes[0].items() if k not in unsigned} == {
        k: v for k, v in hashes[1].items() if k not in unsigned
    }


def test_the_source_travels_along(release: Release, authorities: Authorities, needs: Needs) -> None:
    needs("git", "openssl")
    head = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    folder = build(dataclasses.replace(release, commit=head.stdout.strip()), authorities)
    assert (folder / "ecabinet-1.2.3-source.tar.gz").is_file()
    payload = dsse.opened((folder / PROVENANCE).read_bytes(), folder / "signer.pem")
    assert "ecabinet-1.2.3-source.tar.gz" in {one["name"] for one in json.loads(payload)["subject"]}


def test_a_rebuild_is_of_the_published_source_and_channel(
    release: Release, authorities: Authorities, tmp_path: Path, needs: Needs
) -> None:
    """The set says what it was built as and from; the own checkout must be that, whatever the command line says."""
    needs("git", "openssl")
    head = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    published = dataclasses.replace(release, commit=head.stdout.strip())
    folder = build(published, authorities)
    own = shutil.copytree(published.target("linux"), tmp_path / "own" / "linux").parent
    asked = dataclasses.replace(published, version="0.0.1", channel="production", epoch=1)
    report = rebuild.compare(asked, Report("", ()), folder, own)
    source, package = report.findings
    assert (source.ok, source.detail) == (True, f"1.2.3, test, {published.commit}")
    assert (package.ok, package.detail) == (True, "same bytes as the own build")
    report = rebuild.compare(dataclasses.replace(published, commit="2" * 40), Report("", ()), folder, own)
    assert report.findings[0].detail == f"built from {published.commit}, here is {'2' * 40}"
    assert not report.ok
    (folder / PROVENANCE).write_bytes((folder / PROVENANCE).read_bytes()[:-9])
    report = rebuild.compare(published, Report("", ()), folder, own)
    assert not report.findings[0].ok


@pytest.mark.parametrize(("version", "channel"), [("1.2.3", "other"), ("../1", "test"), (7, "test")])
def test_an_origin_that_is_none(version: object, channel: str) -> None:
    build: dict[str, Any] = {
        "resolvedDependencies": [],
        "externalParameters": {"version": version, "channel": channel},
        "internalParameters": {"SOURCE_DATE_EPOCH": 1},
    }
    for said in ({"predicate": {"buildDefinition": build}}, {"predicate": {}}, []):
        with pytest.raises(NotVerified, match="provenance"):
            provenance.origin(json.dumps(said).encode())


def test_production_needs_more(production: Release, authorities: Authorities) -> None:
    config = signing.from_environment(authorities.signing(authorities.signer))
    with pytest.raises(Refused, match="key file"):
        manifest.make(production, config)
    with pytest.raises(Refused, match="uncommitted"):
        manifest.make(dataclasses.replace(production, dirty=True), config)
    with pytest.raises(BuilderError, match="no installer"):
        manifest.make(dataclasses.replace(production, channel="test"), config)


def test_installers_of_another_channel_stay_out(release: Release, production: Release) -> None:
    """Both lie in the same folder when one machine builds a trial and then the release."""
    for name in ("linux/ecabinet_1.2.3_amd64.deb", "linux/ecabinet_1.2.3~test_amd64.deb", "macos/ecabinet-1.2.3.pkg"):
        path = release.target(name.split("/", maxsplit=1)[0]).parent / name
        path.write_text("a package (dữ liệu giả định)")
    (release.target("win-x64") / "ecabinet-1.2.3~test-x64.msi").write_text("a package (dữ liệu giả định)")
    found = {target: [path.name for path in paths] for target, paths in manifest.installers(production).items()}
    assert found == {"linux": ["ecabinet_1.2.3_amd64.deb"], "macos": ["ecabinet-1.2.3.pkg"]}
    found = {target: [path.name for path in paths] for target, paths in manifest.installers(release).items()}
    assert found == {"linux": [DEB], "win-x64": ["ecabinet-1.2.3~test-x64.msi"]}


def test_an_unsigned_msi_is_not_released(
    production: Release, authorities: Authorities, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, needs: Needs
) -> None:
    needs("osslsigncode", "softhsm2-util")
    (production.target("win-x64") / "ecabinet-1.2.3-x64.msi").write_text("a package (dữ liệu giả định)")
    token = keys.token(tmp_path / "token", authorities.signer, monkeypatch)
    config = signing.from_environment(token | authorities.stamping("http://127.0.0.1:9/"))
    with pytest.raises(Refused, match=r"not signed: ecabinet-1\.2\.3-x64\.msi"):
        manifest.make(production, config)


# -- update metadata that travels along ----------------------------------------------------------------------------


def travelling(release: Release, authorities: Authorities, tmp_path: Path) -> Path:
    """A set with the update metadata of its own installer, as an air-gapped network gets it."""
    installer = release.target("linux") / DEB
    installer.write_text("a package (dữ liệu giả định)")
    updates = tmp_path / "updates"
    tuf_repo.publish(
        release, updates, {"linux": installer}, keys.of_updates(), now=int(time.time()), min_version="1.0.0"
    )
    config = signing.from_environment(authorities.signing(authorities.signer))
    return manifest.make(dataclasses.replace(release, commit=""), config, updates=updates)


def test_update_metadata_travels_in_release_zip(release: Release, authorities: Authorities, tmp_path: Path) -> None:
    folder = travelling(release, authorities, tmp_path)
    packed = bundle.unpack(bundle.pack(release, folder), tmp_path / "inside")
    report = verify.verify(packed, trust(authorities))
    assert report.ok, report.as_text()
    assert {one.rule: one.detail for one in report.findings}["update metadata"] == f"1.targets.json for {DEB}"
    assert (packed / "updates" / "metadata" / "1.root.json").is_file()


def test_update_metadata_of_another_release_is_named(
    release: Release, authorities: Authorities, tmp_path: Path
) -> None:
    folder = travelling(release, authorities, tmp_path)
    targets = folder / "updates" / "metadata" / "1.targets.json"
    honest = targets.read_bytes()
    for wrong in (honest.replace(tree.sha256(folder / DEB).encode(), b"0" * 64), b"{}", b"\xff"):
        targets.write_bytes(wrong)
        resign(folder, authorities, authorities.signer)
        assert set(failed(folder, trust(authorities))) == {"update metadata"}
    targets.unlink()
    assert {"files", "update metadata"} <= set(failed(folder, trust(authorities)))


def test_a_set_without_the_update_metadata_it_should_have_is_not_made(
    release: Release, authorities: Authorities, tmp_path: Path
) -> None:
    (release.target("linux") / DEB).write_text("a package (dữ liệu giả định)")
    config = signing.from_environment(authorities.signing(authorities.signer))
    with pytest.raises(BuilderError, match="repo tuf first"):
        manifest.make(dataclasses.replace(release, commit=""), config, updates=tmp_path)


# -- bills of materials and licences ------------------------------------------------------------------------------


@pytest.mark.parametrize("target", sorted(lock.PLATFORMS))
def test_bills_are_valid_and_complete(release: Release, tmp_path: Path, target: str) -> None:
    artefact = tmp_path / "installer"
    artefact.write_bytes(b"x")
    bill = sbom.document(release, target, [artefact])
    assert bill == sbom.document(release, target, [artefact])
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill.decode()) is None
    document = json.loads(bill)
    pinned = lock.pinned(lock.lock_path(ROOT, target).read_text())
    names = {one["name"]: one["version"] for one in document["components"]}
    assert {name: names[name] for name in pinned} == pinned
    assert {"MuPDF", "SQLCipher", "Qt", "CPython"} <= set(names)
    assert all(one["licenses"] for one in document["components"])
    assert len({one["bom-ref"] for one in document["components"]}) == len(document["components"])


def test_native_parts_agree_with_their_wheels() -> None:
    """A new wheel brings new native code: the table must be looked at again."""
    for target in lock.PLATFORMS:
        found = {one.name: one for one in licences.components(ROOT, target)}
        assert found["Qt"].version == found["pyside6-essentials"].version
        assert found["MuPDF"].version == found["pymupdf"].version
        for one in found.values():
            assert not one.inside or one.inside in found


def test_an_unknown_licence_stops_production_only(
    release: Release, production: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = licences.table(ROOT)
    without = honest | {"wheels": {k: v for k, v in honest["wheels"].items() if k != "pymupdf"}}
    monkeypatch.setattr(licences, "table", lambda _root: without)
    assert licences.unknown(licences.components(ROOT, "linux"), ROOT) == ["pymupdf 1.28.2"]
    with pytest.raises(Refused, match="unknown licence: pymupdf"):
        sbom.document(production, "linux", [])
    assert b'"pymupdf"' in sbom.document(release, "linux", [])
    forbidden = honest | {"wheels": honest["wheels"] | {"segno": "SSPL-1.0"}}
    monkeypatch.setattr(licences, "table", lambda _root: forbidden)
    with pytest.raises(Refused, match="unknown licence: segno"):
        sbom.document(production, "linux", [])


# -- provenance -----------------------------------------------------------------------------------------------------


def test_others_read_our_envelopes(authorities: Authorities, needs: Needs) -> None:
    """securesystemslib, which wrote the format's library, accepts ours and refuses an altered one."""
    needs("openssl")
    config = signing.from_environment(authorities.signing(authorities.signer))
    made = dsse.envelope(b'{"a": 1}', config)
    key = SSlibKey.from_crypto(
        authorities.signer.key.public_key(), dsse.key_id(authorities.signer.pem), "rsa-pkcs1v15-sha256"
    )
    document = json.loads(made)
    document["signatures"][0]["sig"] = document["signatures"][0]["sig"]
    envelope = Envelope.from_dict(document)
    assert key.keyid in envelope.verify([key], 1)
    envelope.payload = b'{"a": 2}'
    with pytest.raises(Exception, match=r"[Ss]ignature|threshold|0 out of 1"):
        envelope.verify([key], 1)


@pytest.mark.parametrize("field", ["payload", "payloadType", "sig"])
def test_an_altered_envelope_is_refused(authorities: Authorities, field: str, needs: Needs) -> None:
    needs("openssl")
    config = signing.from_environment(authorities.signing(authorities.signer))
    document = json.loads(dsse.envelope(b"{}", config))
    assert dsse.opened(json.dumps(document).encode(), authorities.signer.pem) == b"{}"
    if field == "sig":
        document["signatures"][0]["sig"] = base64.b64encode(b"\0" * 256).decode()
    else:
        document[field] = base64.b64encode(b"[]").decode() if field == "payload" else "text/plain"
    with pytest.raises(NotVerified, match="not signed"):
        dsse.opened(json.dumps(document).encode(), authorities.signer.pem)


def test_envelopes_of_others_and_oversized_ones(authorities: Authorities, needs: Needs) -> None:
    needs("openssl")
    config = signing.from_environment(authorities.signing(authorities.stranger))
    with pytest.raises(NotVerified, match="not signed"):
        dsse.opened(dsse.envelope(b"{}", config), authorities.signer.pem)
    for bad in (b"", b"[]", b'{"payload": 1}', b'{"payload":"*","payloadType":"x","signatures":[]}'):
        with pytest.raises(NotVerified, match="not an envelope"):
            dsse.opened(bad, authorities.signer.pem)
    with pytest.raises(NotVerified, match="too long"):
        dsse.opened(b" " * (dsse.MAX_ENVELOPE + 1), authorities.signer.pem)
    with pytest.raises(NotVerified, match="another kind"):
        provenance.check(b'{"subject": [], "_type": "x", "predicateType": "y"}', ROOT, set())


# -- carried by hand ------------------------------------------------------------------------------------------------


def test_release_zip_carries_the_set(
    released: Path, release: Release, tmp_path: Path, authorities: Authorities
) -> None:
    packed = bundle.pack(release, released)
    first = packed.read_bytes()
    assert bundle.pack(release, released).read_bytes() == first
    out = tmp_path / "out"
    out.mkdir()
    assert verify.verify(bundle.unpack(packed, out), trust(authorities)).ok


def archive(*entries: tuple[str, bytes, int]) -> bytes:
    data = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(data, "w") as made:
        for name, content, mode in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            made.writestr(entry, content)
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        archive(("../x", b"", 0)),
        archive(("/etc/x", b"", 0)),
        archive(("a\\..\\x", b"", 0)),
        archive(("link", b"/etc/passwd", stat.S_IFLNK | 0o777)),
        archive(("x", b"1", 0), ("x", b"2", 0)),
        b"not an archive",
        archive(("x", b"1" * 100, 0))[:60],
    ],
    ids=["up", "absolute", "backslash", "link", "twice", "no zip", "cut"],
)
def test_hostile_archives(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "release.zip"
    path.write_bytes(data)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(NotVerified):
        bundle.unpack(path, out)
    assert not (tmp_path / "x").exists()


def test_archives_have_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out = tmp_path / "release.zip", tmp_path / "out"
    path.write_bytes(archive(("a", b"12", 0), ("b", b"3", 0)))
    out.mkdir()
    monkeypatch.setattr(bundle, "MAX_FILES", 2)
    monkeypatch.setattr(bundle, "MAX_BYTES", 3)
    bundle.unpack(path, out)
    for name, value in (("MAX_FILES", 1), ("MAX_BYTES", 2)):
        with monkeypatch.context() as tighter:
            tighter.setattr(bundle, name, value)
            with pytest.raises(NotVerified, match="too many"):
                bundle.unpack(path, out)
