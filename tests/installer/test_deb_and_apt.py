# SPDX-License-Identifier: AGPL-3.0-or-later
"""A tiny Debian package in a signed repository, asked for by the real apt, honest and attacked."""

from __future__ import annotations

import dataclasses
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from client.ui.application import DESKTOP_FILE
from resources.packaging.builder import apt, deb, signing
from resources.packaging.builder.errors import BuilderError, NotVerified, Refused
from resources.packaging.builder.release import Release
from resources.packaging.builder.signing import Signing

Needs = Callable[..., None]
DAY_S = 86_400


def tiny(release: Release, folder: Path, *, text: str = "one") -> Path:
    """The real package with a shell script for a program."""
    root = folder / f"root-{release.version}"
    program = root / deb.LIBRARY / "ecabinet"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho {text}\n")
    program.chmod(0o755)
    out = folder / "out"
    out.mkdir(parents=True, exist_ok=True)
    return deb.assemble(release, root, ["libc6 (>= 2.36)"], out)


def field(package: Path, name: str) -> str:
    return subprocess.run(
        ["dpkg-deb", "--field", package, name], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def tools(needs: Needs) -> None:
    needs("dpkg-deb", "desktop-file-validate", "appstreamcli", "apt-ftparchive", "gpg")


@pytest.fixture
def package(tools: None, release: Release, tmp_path: Path) -> Path:
    return tiny(release, tmp_path)


def test_same_bytes_from_another_folder_at_another_time(package: Path, release: Release, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else" / "where"
    elsewhere.mkdir(parents=True)
    assert tiny(release, elsewhere).read_bytes() == package.read_bytes()


def test_control_and_contents(package: Path) -> None:
    assert package.name == "ecabinet_1.2.3~test_amd64.deb"
    assert field(package, "Version") == "1.2.3~test"
    assert "TEST BUILD" in field(package, "Description")
    assert field(package, "Depends") == "libc6 (>= 2.36)"
    listed = subprocess.run(["dpkg-deb", "--contents", package], check=True, capture_output=True, text=True).stdout
    assert all(" root/root " in line for line in listed.splitlines())
    for name in (
        "./usr/bin/ecabinet -> ../lib/ecabinet/ecabinet",
        "./etc/ecabinet/policies.json",
        "./usr/share/man/man1/ecabinet.1.gz",
        "./usr/share/metainfo/vn.ecabinet.Client.metainfo.xml",
        "./usr/share/doc/ecabinet/third-party/NOTICE.md",
        "./usr/share/doc/ecabinet/third-party/pymupdf/COPYING",
        "./usr/share/doc/ecabinet/third-party/LGPL-3.0.txt",
    ):
        assert name in listed
    control = subprocess.run(["dpkg-deb", "--info", package, "conffiles"], check=True, capture_output=True, text=True)
    assert control.stdout == "/etc/ecabinet/policies.json\n"


def test_the_desktop_entry_takes_the_scheme(package: Path, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path / "x"], check=True)
    entry = (tmp_path / "x/usr/share/applications/vn.ecabinet.Client.desktop").read_text()
    assert "MimeType=x-scheme-handler/ecabinet;" in entry
    assert "Exec=ecabinet %u" in entry
    assert f"{DESKTOP_FILE}.desktop" == "vn.ecabinet.Client.desktop", "a window finds its entry by this name"


def test_files_carried_by_hand_have_a_type_of_their_own(package: Path, tmp_path: Path, needs: Needs) -> None:
    """So that a file manager names them and no text editor is offered."""
    needs("update-mime-database")
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path / "x"], check=True)
    database = tmp_path / "x/usr/share/mime"
    subprocess.run(["update-mime-database", database], check=True, capture_output=True)
    assert "50:application/vnd.ecabinet.act+json:*.ecab\n" in (database / "globs2").read_text()
    assert "chuyển bằng tay" in (database / "application/vnd.ecabinet.act+json.xml").read_text()


@pytest.mark.parametrize(
    ("installed", "refused"), [("1.2.4", True), ("1.2.3", True), ("1.2.3~test", False), ("1.2.2", False)]
)
def test_going_back_is_refused_before_anything_is_replaced(
    package: Path, tmp_path: Path, installed: str, refused: bool
) -> None:
    subprocess.run(["dpkg-deb", "--control", package, tmp_path / "control"], check=True)
    script = tmp_path / "control" / "preinst"
    done = subprocess.run(["sh", script, "upgrade", installed], check=False, capture_output=True, text=True)
    assert (done.returncode != 0) == refused
    assert ("cannot open a newer store" in done.stderr) == refused
    assert subprocess.run(["sh", script, "install"], check=False).returncode == 0


@pytest.mark.slow
def test_lintian_objects_to_what_nobody_reviewed(tools: None, release: Release, tmp_path: Path, needs: Needs) -> None:
    needs("lintian")
    (tmp_path / "out").mkdir()
    root = tmp_path / "bad"
    (root / deb.LIBRARY).mkdir(parents=True)
    (root / "usr/local/bin").mkdir(parents=True)
    (root / "usr/local/bin/x").write_text("#!/bin/sh\n")
    bad = deb.assemble(dataclasses.replace(release, version="9.9.9"), root, [], tmp_path / "out")
    with pytest.raises(NotVerified, match=r"dir-in-usr-local|file-in-usr-local"):
        deb.check(bad)


# -- the repository ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Client:
    """apt with folders of its own; strict about dates and signatures."""

    folder: Path
    repository: Path

    def apt(self, *words: str) -> subprocess.CompletedProcess[str]:
        for name in ("state/lists/partial", "cache/archives/partial", "etc"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "status").touch()
        keyring = self.repository / apt.KEYRING
        source = f"deb [arch=amd64 signed-by={keyring}] copy:{self.repository} {apt.SUITE} main\n"
        (self.folder / "etc" / "sources.list").write_text(source)
        options = {
            "Dir::State": self.folder / "state",
            "Dir::State::status": self.folder / "status",
            "Dir::Cache": self.folder / "cache",
            "Dir::Etc::sourcelist": self.folder / "etc" / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::main": "/dev/null",
            "Dir::Etc::parts": "/dev/null",
            "Acquire::Check-Valid-Until": "true",
            "Acquire::Check-Date": "true",
            "Acquire::Languages": "none",
            "APT::Sandbox::User": "",
            "APT::Architecture": "amd64",
        }
        command = ["apt-get", *(f"-o{name}={value}" for name, value in options.items()), *words]
        return subprocess.run(
            command,
            cwd=self.folder,
            check=False,
            capture_output=True,
            text=True,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )

    def update(self) -> str:
        """Empty if it went well, else what apt said."""
        done = self.apt("update", "--error-on=any")
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def download(self) -> str:
        done = self.apt("download", "ecabinet")
        return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.fixture
def repository(package: Path, gpg_key: Signing, tmp_path: Path) -> Path:
    return apt.publish(tmp_path / "repo", [package], gpg_key, now=int(time.time()) - 60)


@pytest.fixture
def client(repository: Path, tmp_path: Path) -> Client:
    folder = tmp_path / "client"
    folder.mkdir()
    return Client(folder, repository)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_an_honest_repository_serves_the_package(client: Client, package: Path) -> None:
    assert client.update() == ""
    assert client.download() == ""
    (fetched,) = client.folder.glob("*.deb")
    assert fetched.read_bytes() == package.read_bytes()


def test_an_altered_package_is_refused(client: Client) -> None:
    assert client.update() == ""
    (published,) = client.repository.rglob("*.deb")
    flip(published)
    assert "Hash Sum mismatch" in client.download()


def test_an_altered_index_is_refused(client: Client) -> None:
    for index in client.repository.rglob("Packages*"):
        flip(index)
    assert "mismatch" in client.update()


def test_an_altered_release_is_refused(client: Client) -> None:
    release = client.repository / "dists" / apt.SUITE / "InRelease"
    release.write_text(release.read_text().replace("e-Cabinet", "e-Kabinet", 1))
    assert "BADSIG" in client.update()


def test_another_key_is_refused(client: Client, gpg_key: Signing, tmp_path: Path) -> None:
    other = tmp_path / "other.gpg"
    other.write_bytes(b"")
    (client.repository / apt.KEYRING).write_bytes(other.read_bytes())
    assert "NO_PUBKEY" in client.update()
    assert gpg_key.gpg


def test_an_unsigned_repository_is_refused(client: Client) -> None:
    for name in ("InRelease", "Release.gpg"):
        (client.repository / "dists" / apt.SUITE / name).unlink()
    assert "is not signed" in client.update()


def test_an_old_copy_of_the_repository_expires(package: Path, gpg_key: Signing, tmp_path: Path, client: Client) -> None:
    old = apt.publish(tmp_path / "old", [package], gpg_key, now=int(time.time()) - 31 * DAY_S)
    assert "expired" in Client(client.folder, old).update()
    longer = apt.publish(tmp_path / "longer", [package], gpg_key, now=int(time.time()) - 31 * DAY_S, valid_days=60)
    assert Client(client.folder, longer).update() == ""


def test_the_repository_goes_forward_only(
    package: Path, repository: Path, gpg_key: Signing, release: Release, tmp_path: Path
) -> None:
    now = int(time.time())
    newer = tiny(dataclasses.replace(release, version="1.2.4"), tmp_path)
    apt.publish(repository, [newer], gpg_key, now=now)
    with pytest.raises(Refused, match="older than"):
        apt.publish(repository, [package], gpg_key, now=now)
    other = tiny(dataclasses.replace(release, version="1.2.4"), tmp_path / "again", text="two")
    with pytest.raises(Refused, match="other bytes"):
        apt.publish(repository, [other], gpg_key, now=now)
    with pytest.raises(BuilderError, match="SIGN_GPG_FPR"):
        apt.publish(repository, [newer], Signing(), now=now)


def test_a_key_in_a_file_signs_no_production_repository(
    release: Release, production: Release, gpg_key: Signing, tools: None
) -> None:
    signing.allow_gpg(release, gpg_key)
    with pytest.raises(Refused, match="use a card"):
        signing.allow_gpg(production, gpg_key)
