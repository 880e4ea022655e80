# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who signs, and with what: configured by the environment, never by arguments, which others on the machine can read.

``SIGN_BACKEND`` is ``none``, ``file`` (a key file: tests and internal authorities only), ``pkcs11`` (a token) or
``command`` (a program of the site, for cloud HSMs and separate signing machines). Three things are signed: programs
and MSI (Authenticode), files (detached CMS), bytes (DSSE, TUF); this module does the last two.

The command's contract: ``SIGN_COMMAND KIND INPUT OUTPUT`` with KIND ``authenticode`` (OUTPUT is the signed file),
``cms`` (OUTPUT is a detached signature, DER) or ``raw`` (OUTPUT is a signature over SHA-256 of INPUT, DER or PKCS#1
v1.5).
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast

from resources.packaging.builder.errors import BuilderError, Refused
from resources.packaging.builder.release import Release
from resources.packaging.builder.tools import need, run

Backend = Literal["none", "file", "pkcs11", "command"]
BACKENDS: Final = ("none", "file", "pkcs11", "command")
_NEEDED: Final = {
    "none": (),
    "file": ("SIGN_CHAIN", "SIGN_KEY"),
    "pkcs11": ("SIGN_CHAIN", "SIGN_KEY", "SIGN_PKCS11_MODULE", "SIGN_PIN_FILE"),
    "command": ("SIGN_CHAIN", "SIGN_COMMAND"),
}
_CERTIFICATE: Final = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", re.DOTALL)
ENGINE: Final = "pkcs11"


@dataclass(frozen=True, slots=True)
class Signing:
    """How to sign.

    Attributes:
        chain: PEM, the signer's certificate first, then what leads to the root.
        key: Path of a key file or ``pkcs11:`` URI.
        tsa_url, tsa_ca: RFC 3161 time-stamp authority and the roots that vouch for it.
        gpg: Fingerprint of the key that signs apt repositories; its home is ``gpg_home``.
    """

    backend: Backend = "none"
    chain: str = ""
    key: str = ""
    module: str = ""
    pin_file: str = ""
    command: str = ""
    tsa_url: str = ""
    tsa_ca: str = ""
    gpg: str = ""
    gpg_home: str = ""


def from_environment(env: Mapping[str, str]) -> Signing:
    """The configuration in ``env``.

    Raises:
        BuilderError: Unknown back end, or something it needs is not given.
    """
    backend = env.get("SIGN_BACKEND", "none")
    if backend not in BACKENDS:
        raise BuilderError(f"SIGN_BACKEND={backend}: one of {', '.join(BACKENDS)}")
    lacking = [name for name in _NEEDED[backend] if not env.get(name)]
    if lacking:
        raise BuilderError(f"SIGN_BACKEND={backend} needs {', '.join(lacking)}")
    key = env.get("SIGN_KEY", "")
    if backend == "pkcs11" and not key.startswith("pkcs11:"):
        raise BuilderError("SIGN_KEY must be a pkcs11: URI")
    return Signing(
        backend=cast("Backend", backend),
        chain=env.get("SIGN_CHAIN", ""),
        key=key,
        module=env.get("SIGN_PKCS11_MODULE", ""),
        pin_file=env.get("SIGN_PIN_FILE", ""),
        command=env.get("SIGN_COMMAND", ""),
        tsa_url=env.get("SIGN_TSA_URL", ""),
        tsa_ca=env.get("SIGN_TSA_CA", ""),
        gpg=env.get("SIGN_GPG_FPR", ""),
        gpg_home=env.get("SIGN_GPG_HOME", ""),
    )


def allow(release: Release, signing: Signing) -> None:
    """Whether this may sign for the release's channel.

    Raises:
        Refused: A key inside the project's folder (any channel), or in production a key file or no time stamp.
    """
    for name in (signing.key, signing.pin_file):
        if name and not name.startswith("pkcs11:") and Path(name).resolve().is_relative_to(release.root.resolve()):
            raise Refused(f"{Path(name).name} lies inside the project's folder: keys and PINs belong elsewhere")
    release.refuse(
        "SIGN_BACKEND=none: nothing would be signed" if signing.backend == "none" else "",
        "SIGN_BACKEND=file: a key file can be copied, use a token" if signing.backend == "file" else "",
        "" if signing.tsa_url and signing.tsa_ca else "no time stamp: SIGN_TSA_URL and SIGN_TSA_CA are needed",
    )


_TOKEN_FIELD: Final = 14
_IN_FILE: Final = "+"


def allow_gpg(release: Release, signing: Signing) -> None:
    """Whether the OpenPGP key may sign for the release's channel.

    Raises:
        Refused: Channel production and a secret key that lies in a file rather than on a card.
    """
    if release.channel != "production" or not signing.gpg:
        return
    home = {"GNUPGHOME": signing.gpg_home} if signing.gpg_home else {}
    words = [need("gpg"), "--batch", "--with-colons", "--list-secret-keys", signing.gpg]
    rows = [line.split(":") for line in run(words, extra=home).stdout.decode("utf-8", "replace").splitlines()]
    held = [row[_TOKEN_FIELD] for row in rows if row[0] in {"sec", "ssb"} and len(row) > _TOKEN_FIELD]
    release.refuse("SIGN_GPG_FPR: a key file can be copied, use a card" if _IN_FILE in held or not held else "")


def _key_words(signing: Signing) -> tuple[list[str], dict[str, str]]:
    """OpenSSL's words for the key, and the environment its engine needs."""
    if signing.backend != "pkcs11":
        return ["-inkey", signing.key], {}
    pin = "" if "pin-source=" in signing.key else f";pin-source=file:{signing.pin_file}"  # one PIN file per token
    uri = f"{signing.key}{pin}"
    return ["-engine", ENGINE, "-keyform", "engine", "-inkey", uri], {"PKCS11_MODULE_PATH": signing.module} | softhsm()


def softhsm() -> dict[str, str]:
    """SoftHSM, a token in files for tests, finds its tokens by environment."""
    return {name: os.environ[name] for name in ("SOFTHSM2_CONF",) if name in os.environ}


def by_command(signing: Signing, kind: str, given: Path, out: Path) -> None:
    """Let the site's program sign.

    Raises:
        BuilderError: It ended well and left nothing.
    """
    run([signing.command, kind, given, out])
    if not out.is_file():
        raise BuilderError(f"SIGN_COMMAND left no {kind} signature")


def cms(signing: Signing, path: Path) -> Path:
    """A detached signature ``<path>.p7s`` (CMS, DER), stamped into ``<path>.tsr`` where an authority is named."""
    out = path.with_name(path.name + ".p7s")
    if signing.backend == "command":
        by_command(signing, "cms", path, out)
    else:
        words, extra = _key_words(signing)
        with tempfile.TemporaryDirectory() as folder:
            between = Path(folder) / "between.pem"
            between.write_bytes(b"".join(certificates(Path(signing.chain))[1:]))
            more = ["-certfile", str(between)] if between.stat().st_size else []
            sign: list[str | Path] = [need("openssl"), "cms", "-sign", "-binary", "-md", "sha256", "-outform", "DER"]
            run([*sign, "-in", path, "-signer", signing.chain, *more, "-out", out, *words], extra=extra)
    if signing.tsa_url:
        from resources.packaging.builder import timestamps

        timestamps.stamp(signing, out, path.with_name(path.name + ".tsr"))
    return out


def raw(signing: Signing, data: bytes) -> bytes:
    """A signature over ``data`` (SHA-256) by the signer's key.

    Raises:
        BuilderError: ``SIGN_BACKEND=none``.
    """
    if signing.backend == "none":
        raise BuilderError("nothing to sign with: set SIGN_BACKEND")
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "data", Path(folder) / "signature"
        given.write_bytes(data)
        if signing.backend == "command":
            by_command(signing, "raw", given, out)
        else:
            words, extra = _key_words(signing)
            words[words.index("-inkey")] = "-sign"
            run([need("openssl"), "dgst", "-sha256", *words, "-out", out, given], extra=extra)
        return out.read_bytes()


def token_public_key(signing: Signing) -> bytes:
    """PEM public key of a key pair on a token."""
    words, extra = _key_words(signing)
    (engine, name, _form, _engine, _inkey, uri) = words
    return run([need("openssl"), "pkey", engine, name, "-inform", "engine", "-in", uri, "-pubout"], extra=extra).stdout


def certificates(chain: Path) -> list[bytes]:
    """The PEM certificates in ``chain``, in order."""
    return _CERTIFICATE.findall(chain.read_bytes())


def public_key(chain: Path) -> bytes:
    """PEM public key of the first certificate in ``chain``."""
    return run([need("openssl"), "x509", "-in", chain, "-pubkey", "-noout"]).stdout
