# SPDX-License-Identifier: AGPL-3.0-or-later
"""A frozen tree into a Debian package, the same bytes wherever it is built.

Everything below ``/usr/lib/ecabinet`` is the tree as it was frozen; ``Depends`` is what ``dpkg-shlibdeps`` finds that
the tree's programs are linked to, plus what they load by name. Templates are in ``resources/packaging/deb``.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import re
import shutil
import tempfile
from collections.abc import Mapping
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from resources.packaging.builder import licences, policy_files, policy_schema, stage, tree
from resources.packaging.builder.errors import BuilderError, MissingTool, NotVerified, ToolFailed
from resources.packaging.builder.release import NAME, Release
from resources.packaging.builder.tools import need, run

LIBRARY: Final = Path("usr/lib") / NAME
DOC: Final = Path("usr/share/doc") / NAME
LOADED_BY_NAME: Final = ("ca-certificates", "libdbus-1-3", "libseccomp2")
"""Not linked, so ``dpkg-shlibdeps`` cannot see them."""
BUILD_LIBRARIES: Final = (
    "libwayland-cursor0 libwayland-egl1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 "
    "libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0"
)
"""What Qt's plugins are linked to; must be installed where the package is built."""
_LACKING: Final = re.compile(r"cannot find library (\S+) needed")
_ELF: Final = b"\x7fELF"
_BLOCK: Final = 1024


def package(release: Release, frozen: Path) -> Path:
    """Build ``dist/<version>/linux/ecabinet_<version>_amd64.deb`` from a frozen tree; checks it with lintian.

    Raises:
        BuilderError: There is no frozen tree.
        NotVerified: lintian, the desktop file's or AppStream's validator object, or the tree is of another release.
    """
    release.refuse_tree()
    if not (frozen / NAME).is_file():
        raise BuilderError(f"{frozen} holds no frozen program: run build_installer.py freeze --target linux first")
    stage.check(release, frozen)
    with tempfile.TemporaryDirectory(prefix="ecabinet-deb-") as folder:
        root = Path(folder) / "root"
        shutil.copytree(frozen, root / LIBRARY, symlinks=True)
        linked = _depends(root, Path(folder))
        named = {one.split(" ")[0] for one in linked}
        depends = [*linked, *(one for one in LOADED_BY_NAME if one not in named)]
        made = assemble(release, root, sorted(set(depends)), release.target("linux"))
        check(made)
    return made


def assemble(release: Release, root: Path, depends: list[str], out: Path) -> Path:
    """Add everything beside the program to ``root`` and pack it."""
    words = _words(release)
    _files(release, root, words)
    validate(root)
    tree.settle(root, release.epoch)
    contents = [path for path in tree.files(root) if not path.is_symlink()]
    installed = sum(-(-path.stat().st_size // _BLOCK) for path in contents) + len(list(root.rglob("*")))
    control = root / "DEBIAN"
    control.mkdir(exist_ok=True)
    words |= {"INSTALLED_KIB": str(installed), "DEPENDS": ", ".join(depends)}
    (control / "control").write_text(_filled(release, "control", words), "utf-8")
    (control / "preinst").write_text(_filled(release, "preinst", words), "utf-8")
    (control / "preinst").chmod(0o755)
    (control / "conffiles").write_text(f"/etc/{NAME}/policies.json\n", "utf-8")
    sums = [f"{_md5(p)}  {p.relative_to(root)}\n" for p in contents if p.relative_to(root).parts[0] != "etc"]
    (control / "md5sums").write_text("".join(sums), "utf-8")
    tree.settle(root, release.epoch)
    path = out / f"{NAME}_{words['DEB_VERSION']}_amd64.deb"
    packer: list[str | Path] = [need("dpkg-deb"), "--root-owner-group", "-Zxz", "--threads-max=1", "--build"]
    run([*packer, root, path], extra=release.reproducible())
    return path


def _words(release: Release) -> dict[str, str]:
    when = dt.datetime.fromtimestamp(release.epoch, dt.UTC)
    return {
        "DEB_VERSION": release.file_version,
        "VERSION": release.version,
        "PRODUCT": release.product,
        "COMMIT": release.commit_name,
        "DATE": when.date().isoformat(),
        "RFC2822": format_datetime(when),
        "RELEASE_TYPE": "stable" if release.channel == "production" else "development",
    }


def _filled(release: Release, name: str, words: Mapping[str, str]) -> str:
    text = (release.packaging / "deb" / name).read_text("utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text


def _files(release: Release, root: Path, words: Mapping[str, str]) -> None:
    app = policy_files.BUNDLE_ID
    schema = policy_schema.read(release.packaging)
    plain = {
        f"usr/share/applications/{app}.desktop": _filled(release, "desktop", words),
        f"usr/share/metainfo/{app}.metainfo.xml": _filled(release, "metainfo.xml", words),
        f"usr/share/mime/packages/{app}.xml": _filled(release, "mime.xml", words),
        f"usr/share/icons/hicolor/scalable/apps/{app}.svg": _text(release.root / "resources/icons/ecabinet.svg"),
        f"usr/share/lintian/overrides/{NAME}": _filled(release, "lintian-overrides", words),
        f"{DOC}/copyright": _filled(release, "copyright", words),
        f"{DOC}/policies.example.json": policy_files.example(schema).decode(),
        f"{DOC}/policy.md": policy_files.page(schema).decode(),
        f"etc/{NAME}/policies.json": _filled(release, "policies.json", words),
    }
    packed = {
        "usr/share/man/man1/ecabinet.1.gz": _filled(release, "ecabinet.1", words),
        f"{DOC}/changelog.gz": _filled(release, "changelog", words),
        f"{DOC}/LICENSE.gz": _text(release.root / "LICENSE"),
    }
    for name, text in plain.items():
        _write(root / name, text.encode())
    for name, text in packed.items():
        _write(root / name, gzip.compress(text.encode(), 9, mtime=0))
    for name, data in licences.texts(release.root, "linux").items():
        _write(root / DOC / "third-party" / name, data)
    (root / "usr/bin").mkdir(parents=True, exist_ok=True)
    (root / "usr/bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()  # dpkg's format for `dpkg -V`


def _depends(root: Path, work: Path) -> list[str]:
    programs = [path for path in tree.files(root) if not path.is_symlink() and _is_elf(path)]
    (work / "debian").mkdir()
    (root / "DEBIAN").mkdir()  # tells dpkg-shlibdeps where the package's own libraries end
    (work / "debian" / "control").write_text(f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: amd64\n", "utf-8")
    folders = sorted({f"-l{path.parent}" for path in programs if path.name.startswith("lib")})
    try:
        done = run([need("dpkg-shlibdeps"), "-O", *folders, *[f"-e{path}" for path in programs]], cwd=work)
    except ToolFailed as error:
        lacking = sorted(set(_LACKING.findall(str(error))))
        if not lacking:
            raise
        raise MissingTool(
            f"this machine lacks {', '.join(lacking)}, whose packages the installer must name: "
            f"apt-get install {BUILD_LIBRARIES}"
        ) from error
    (line,) = [text for text in done.stdout.decode().splitlines() if text.startswith("shlibs:Depends=")]
    return line.removeprefix("shlibs:Depends=").split(", ")


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == _ELF


def validate(root: Path) -> None:
    """Ask the validators of the desktop file and of AppStream.

    Raises:
        ToolFailed: One of them objects.
    """
    app = policy_files.BUNDLE_ID
    run([need("desktop-file-validate"), root / f"usr/share/applications/{app}.desktop"])
    run([need("appstreamcli"), "validate", "--no-net", root / f"usr/share/metainfo/{app}.metainfo.xml"])


def check(package_file: Path) -> None:
    """Ask lintian; whatever is not on the reviewed list is an error.

    Raises:
        NotVerified: It objects.
    """
    words = [need("lintian"), "--allow-root", "--tag-display-limit", "0", "--display-level", ">=warning"]
    said = run([*words, str(package_file)], ok=(0, 1, 2)).stdout.decode()
    objections = [line for line in said.splitlines() if line.startswith(("E: ", "W: "))]
    if objections:
        raise NotVerified("lintian objects to what is not on the reviewed list:\n  " + "\n  ".join(objections[:40]))
