# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Windows installation folder, put together on Linux: launcher, Python, libraries, program. No freezer.

``ecabinet.exe`` and Python's own files lie at the top, pure Python in ``app.zip`` (compiled by a host Python of the
same minor version, never checked against sources again: Program Files is read-only), native code and data in
``app``. What of the wheels is shipped is an allow-list; a file that nobody listed stops the build.
"""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from resources.packaging.builder import fetch, launcher, licences, policy_files, policy_schema, stage, tree
from resources.packaging.builder.errors import BuilderError, MissingTool, NotVerified, ToolFailed
from resources.packaging.builder.release import Release
from resources.packaging.builder.tools import here, run

CLIENT_DATA: Final = {
    "resources/fonts": ("NotoSans-*.ttf", "OFL.txt"),  # the serif faces are for the demonstration's papers
    "resources/icons": ("*.svg", "LICENSE"),
    "resources/i18n": ("*.qm",),
}
NOT_SHIPPED: Final = ("client/demo.py", "client/tour.py", "client/tour_reader.py")
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_GENERATED: Final = ("pymupdf/mupdf.py",)
"""Bindings written by a generator, a quarter of them descriptions that nobody reads on a member's device."""
_COMPILE: Final = """
import ast, compileall, importlib.util, marshal, pathlib, py_compile, sys
folder = pathlib.Path(sys.argv[1])
good = compileall.compile_dir(folder, quiet=1, legacy=True, force=True, stripdir=folder, workers=1,
                              invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
for name in sys.argv[2:]:
    source = (folder / name).read_bytes()
    whole = ast.parse(source)
    for node in ast.walk(whole):
        described = isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        if described and ast.get_docstring(node, clean=False) is not None:
            node.body[0] = ast.copy_location(ast.Pass(), node.body[0])
    code = compile(whole, name, "exec", dont_inherit=True, optimize=0)
    head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + importlib.util.source_hash(source)
    (folder / name).with_suffix(".pyc").write_bytes(head + marshal.dumps(code))
sys.exit(0 if good else 1)
"""


def table(release: Release) -> dict[str, Any]:
    """``layout.toml``."""
    return tomllib.loads((release.packaging / "windows" / "layout.toml").read_text("utf-8"))


def layout(release: Release) -> Path:
    """Put the folder together from what :mod:`fetch` brought; returns ``dist/<version>/win-x64/tree``.

    Raises:
        BuilderError: Nothing was fetched.
        NotVerified: A wheel brings a file that is on no list.
        Refused: Channel production and a runtime that was fetched for test builds.
    """
    release.refuse_tree()
    folder = release.target("win-x64")
    site, runtime = folder / "site", folder / "runtime"
    if not site.is_dir() or not runtime.is_dir():
        raise BuilderError("nothing fetched for win-x64: run build_installer.py fetch --target win-x64 first")
    fetch.allow(release, folder)
    names = fetch.runtime_table(release)
    out = tree.fresh(folder / "tree")
    shutil.copytree(runtime, out, dirs_exist_ok=True)
    (out / names["dll"].replace(".dll", "._pth")).write_text(f"{names['dll'][:-4]}.zip\napp.zip\napp\n.\n", "ascii")
    launcher.build(release, out, names["dll"])
    with tempfile.TemporaryDirectory(prefix="ecabinet-layout-") as work:
        pure = Path(work) / "pure"
        _wheels(release, site, out / "app", pure)
        _client(release, out / "app", pure)
        _compile(pure, names["version"])
        _compile(out / "app", names["version"])
        write_zip(out / "app.zip", pure)
    _papers(release, out, site)
    tree.settle(out, release.epoch)
    return out


def sorted_out(files: Iterable[str], lists: dict[str, Any]) -> dict[str, list[str]]:
    """Divide names of wheels' files into ``never``, ``keep``, ``zip``, ``drop``; the first list that matches counts.

    Raises:
        NotVerified: A name is on no list.
    """
    order = ("never", "keep", "zip", "drop")
    patterns = {which: [_pattern(glob) for glob in lists[which]] for which in order}
    found: dict[str, list[str]] = {which: [] for which in order}
    unlisted = []
    for name in files:
        which = next((w for w in order if any(p.fullmatch(name) for p in patterns[w])), None)
        if which is None:
            unlisted.append(name)
        else:
            found[which].append(name)
    if unlisted:
        raise NotVerified(f"{len(unlisted)} files of the wheels are on no list: {', '.join(sorted(unlisted)[:8])}")
    return found


def _pattern(glob: str) -> re.Pattern[str]:
    """``**/`` is any folders or none, ``**`` anything, ``*`` anything but a slash."""
    text = re.escape(glob).replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
    return re.compile(text)


def _wheels(release: Release, site: Path, app: Path, pure: Path) -> None:
    lists = table(release)
    names = [path.relative_to(site).as_posix() for path in tree.files(site) if "__pycache__" not in path.parts]
    found = sorted_out(names, lists)
    for which, out in (("keep", app), ("zip", pure)):
        for name in found[which]:
            _copy(site / name, out / name)
    for name in lists["metadata"]:  # read at run time by importlib.metadata
        for path in sorted(site.glob(f"{name}-*.dist-info")):
            for file in ("METADATA", "entry_points.txt"):
                if (path / file).exists():
                    _copy(path / file, pure / path.name / file)


def _client(release: Release, app: Path, pure: Path) -> None:
    for path in sorted((release.root / "client").rglob("*")):
        name = path.relative_to(release.root).as_posix()
        if path.suffix in {".py", ".sql"} and name not in NOT_SHIPPED:
            _copy(path, pure / name)
    _copy(release.packaging / "windows" / "ecabinet_start.py", pure / "ecabinet_start.py")
    for folder, patterns in CLIENT_DATA.items():
        for path in sorted((release.root / folder).iterdir()):
            if any(fnmatch.fnmatch(path.name, pattern) for pattern in patterns):
                _copy(path, app / folder / path.name)
    with tempfile.TemporaryDirectory() as work:
        stage.write(release, Path(work))
        for path in sorted(Path(work).glob("*.json")):
            _copy(path, app / "resources" / path.name)
        for path in sorted(Path(work).glob("*.dist-info/*")):
            _copy(path, pure / path.parent.name / path.name)


def _copy(source: Path, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, out)


def host_python(version: str) -> str:
    """A Python of this machine that compiles for ``version``; ``BUILD_PYTHON`` names another than the usual one.

    Raises:
        MissingTool: There is none.
    """
    usual = [os.environ.get("BUILD_PYTHON", ""), str(here(f"python{version}") or "")]
    managed = sorted(str(path) for path in Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
    for name in [*filter(None, usual), *managed]:
        said = run([name, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], ok=range(256)).stdout
        if said.decode("utf-8", "replace").strip() == version:
            return name
    raise MissingTool(
        f"python{version} is needed to compile for the Python that is shipped: apt-get install python{version} "
        "(Debian 13), or name one with BUILD_PYTHON"
    )


def _compile(folder: Path, version: str) -> None:
    """Replace sources by compiled modules; their files name no folder of this machine."""
    python = host_python(version)
    generated = [name for name in _GENERATED if (folder / name).is_file()]
    try:
        run([python, "-I", "-c", _COMPILE, folder, *generated])
    except ToolFailed as error:
        raise NotVerified(f"not everything compiles with python{version}: {error}") from error
    for path in sorted(folder.rglob("*.py")):
        path.unlink()
    for path in sorted(folder.rglob("__pycache__")):
        shutil.rmtree(path)


def write_zip(path: Path, folder: Path) -> None:
    """An archive Python can import from, the same bytes for the same files; folders too, for namespace packages."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
            name = file.relative_to(folder).as_posix() + ("/" if file.is_dir() else "")
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = (0o40755 if file.is_dir() else 0o100644) << 16
            archive.writestr(entry, b"" if file.is_dir() else file.read_bytes())


def _papers(release: Release, out: Path, site: Path) -> None:
    """Licences, source notice, policy page: what travels with the program by law or courtesy."""
    folder = out / "licences"
    for name, data in licences.texts(release.root, "win-x64", site).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    shutil.copyfile(release.root / "LICENSE", folder / "LICENSE.txt")
    (out / "policy.md").write_bytes(policy_files.page(policy_schema.read(release.packaging)))


def unsigned_programs(folder: Path) -> list[Path]:
    """Programs and libraries that carry no signature yet: ours to sign."""
    from resources.packaging.builder.authenticode import PE_SUFFIXES, is_signed

    return [path for path in tree.files(folder) if path.suffix.lower() in PE_SUFFIXES and not is_signed(path)]
