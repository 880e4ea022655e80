# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lives through an MSI's whole life under wine: install, self-test, upgrade, going back refused, removal.

Wine is no Windows: what passes here shows that the package is whole and its tables do what they should by another
installer's reading. UAC, SmartScreen, Group Policy, the screen and Windows' own validation are not touched.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from resources.packaging.builder import wxs
from resources.packaging.builder.errors import NotVerified
from resources.packaging.builder.release import NAME, Release
from resources.packaging.builder.tools import need, run

ADDRESS: Final = "https://ecabinet.example"
_VALUE: Final = re.compile(r"^[ \t]+(\w+)[ \t]+REG_SZ[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_ANY: Final = tuple(range(256))


def cycle(release: Release, old: Path, new: Path, prefix: Path) -> Iterator[str]:
    """Go through it; yields a line for each step.

    Args:
        release: Whose product the packages are.
        old: MSI to begin with.
        new: MSI of a higher version.
        prefix: Folder for a wine of its own; made if need be.

    Raises:
        NotVerified: Something happened that should not, or the other way round.
    """
    machine = _Wine(prefix, release)
    machine.begin()
    yield f"a clean {machine.version}"
    machine.msi("/i", old, f"SERVERURL={ADDRESS}", "UPDATEMODE=off")
    values = {"ServerURL": ADDRESS, "UpdateMode": "off"}
    machine.expect(values)
    yield f"installed {old.name}: {machine.self_test()}"
    machine.msi("/i", new)
    machine.expect(values)
    yield f"upgraded to {new.name}, properties remembered: {machine.self_test()}"
    before = machine.self_test()
    if machine.msi("/i", old, ok=_ANY) == 0 or machine.self_test() != before:
        raise NotVerified("going back to the older version was not refused")
    yield f"going back to {old.name} refused"
    machine.msi("/x", new)
    if machine.folder.exists() or machine.values() or machine.known():
        raise NotVerified("removal left files or registry entries")
    yield "removed, nothing left"


class _Wine:
    def __init__(self, prefix: Path, release: Release) -> None:
        self._prefix, self._release = prefix, release
        self.folder = prefix / "drive_c" / "Program Files" / release.product
        self.version = ""

    def begin(self) -> None:
        """Make the prefix, and give it the one library of Windows that wine lacks."""
        self._prefix.mkdir(parents=True, exist_ok=True)
        self.version = self._run("--version").stdout.decode().strip()
        self._run("wineboot", "-i")
        out = self._prefix / "drive_c" / "windows" / "system32" / "bcryptprimitives.dll"
        source = self._release.packaging / "windows" / "wine_stand_in.c"
        run([need("x86_64-w64-mingw32-gcc"), "-shared", "-o", out, source, "-ladvapi32"])

    def msi(self, what: str, package: Path, *words: str, ok: tuple[int, ...] = (0,)) -> int:
        """Run Windows Installer silently; its exit status, of which wine lets through the lowest byte."""
        path = "Z:" + str(package.resolve()).replace("/", "\\")
        return self._run("msiexec", what, path, "/qn", *words, ok=ok).returncode

    def values(self) -> dict[str, str]:
        """The machine defaults that the package wrote; empty values left out."""
        said = self._run("reg", "query", f"HKLM\\{wxs.INSTALL_KEY}", ok=_ANY)
        found = _VALUE.findall(said.stdout.decode("utf-8", "replace").replace("\r", "")) if not said.returncode else []
        return {name: value for name, value in found if value}

    def known(self) -> bool:
        """Whether the product is listed among the installed ones or owns the links."""
        keys = (r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall", rf"HKLM\{wxs.SCHEME_KEY}")
        said = [self._run("reg", "query", key, "/s", ok=_ANY).stdout.decode("utf-8", "replace") for key in keys]
        return any(self._release.product in text for text in said)

    def expect(self, values: dict[str, str]) -> None:
        """The defaults are these, the program is listed, and its link opens it."""
        if self.values() != values or not self.known():
            raise NotVerified(f"the registry holds {self.values()}")

    def self_test(self) -> str:
        """What the installed program says of itself."""
        done = self._run(str(self.folder / f"{NAME}.exe"), "--self-test", "--json", ok=(0, 1))
        try:
            found = json.loads(done.stdout)
        except ValueError as error:
            raise NotVerified(f"no self-test: {done.stderr[-500:]!r}") from error
        checks = {check["name"]: f"{check['name']} {check['state']} ({check['detail']})" for check in found["checks"]}
        if not found["ok"] or "WinVault" not in checks["keystore"] or ADDRESS not in str(self.values()):
            raise NotVerified(f"self-test failed: {found}")
        return f"{found['version']}; " + "; ".join(checks.values())

    def _run(self, *words: str, ok: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[bytes]:
        own = {"WINEPREFIX": str(self._prefix), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree=;mshtml="}
        return run([need("wine"), *words], extra=own, given=b"", ok=ok)
