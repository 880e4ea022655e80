# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real PKCS#11 token in software (SoftHSM 2), in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pkcs11
import pytest

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
PIN = "738291"
LABEL = "e-Cabinet"


def module() -> Path:
    """Path of the library; the test is skipped where there is none."""
    found = next((Path(path) for path in MODULES if Path(path).exists()), None)
    if found is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM 2 is not installed: apt-get install softhsm2")
    return found


def make_token(folder: Path, monkeypatch: pytest.MonkeyPatch, label: str = LABEL) -> Path:
    """Initialise one token in ``folder`` and make it the only one this process sees; returns the module's path.

    SoftHSM reads its configuration when it is initialised, and an earlier test of this process may have done that
    with a folder of its own: the library is let go, so that its next user reads ours.
    """
    made = module()
    store = folder / "tokens"
    store.mkdir(parents=True, exist_ok=True)
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {store}\nobjectstore.backend = file\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    util("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "12345678")
    pkcs11.unload(str(made))
    return made


def util(*words: str) -> None:
    """Run ``softhsm2-util`` in the environment of this process."""
    done = subprocess.run(["softhsm2-util", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def uri(made: Path, name: str) -> str:
    return f"pkcs11:token={LABEL};object={name}?module-path={made}"
