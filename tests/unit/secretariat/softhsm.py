# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real PKCS#11 token in software (SoftHSM 2), in a folder of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
PIN = "738291"
LABEL = "e-Cabinet"


def module() -> Path:
    found = next((Path(path) for path in MODULES if Path(path).exists()), None)
    if found is None:
        pytest.skip("SoftHSM 2 is not installed: apt-get install softhsm2")
    return found


def make_token(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Initialise one token; returns the module's path. The library reads its configuration once per process."""
    made = module()
    store = folder / "tokens"
    store.mkdir(parents=True, exist_ok=True)
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {store}\nobjectstore.backend = file\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", "12345678"],
        check=True,
        capture_output=True,
    )
    return made


def uri(made: Path, name: str) -> str:
    return f"pkcs11:token={LABEL};object={name}?module-path={made}"
