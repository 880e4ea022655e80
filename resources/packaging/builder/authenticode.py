# SPDX-License-Identifier: AGPL-3.0-or-later
"""Authenticode on Windows programs and MSI packages, by ``osslsigncode``.

Files that already carry a signature (Qt's, Python's) keep it; unsigned ones get ours, so that a publisher rule can
cover the whole tree. Every signature is also kept detached: attached to an independent rebuild it must give the same
bytes.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from resources.packaging.builder import signing as signings
from resources.packaging.builder.errors import BuilderError, MissingTool, NotVerified, ToolFailed
from resources.packaging.builder.release import Release
from resources.packaging.builder.signing import Signing
from resources.packaging.builder.tools import PKCS11_SIGNING, TOOLS, need, run, version_of

PE_SUFFIXES: Final = (".exe", ".dll", ".pyd")
_ENGINES: Final = ("/usr/lib/x86_64-linux-gnu/engines-3/pkcs11.so", "/usr/lib/aarch64-linux-gnu/engines-3/pkcs11.so")
_SUBJECT: Final = re.compile(r"Signer #0:\s*\n\s*Subject: (.+)")
_ESCAPED: Final = re.compile(r"(?:\\x[0-9A-F]{2})+")
_PART: Final = re.compile(r"/(CN|O)=([^/]+)")


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that holds.

    Attributes:
        publisher: Common name and organisation of the signer's certificate.
        stamped: Whether a time stamp vouches for it beyond the certificate's end.
    """

    publisher: tuple[str, ...]
    stamped: bool


def sign(release: Release, signing: Signing, path: Path) -> None:
    """Sign ``path`` in place.

    Raises:
        BuilderError: Nothing to sign with.
        MissingTool: ``osslsigncode`` is not here, or too old for a token.
    """
    signings.allow(release, signing)
    signed = path.with_name(path.name + ".signed")
    if signing.backend == "none":
        raise BuilderError("nothing to sign with: set SIGN_BACKEND")
    if signing.backend == "command":
        signings.by_command(signing, "authenticode", path, signed)
    else:
        stamp = ["-ts", signing.tsa_url] if signing.tsa_url else []
        words = [need("osslsigncode"), "sign", *_key_words(signing), "-h", "sha256", "-n", release.product, *stamp]
        run([*words, "-in", str(path), "-out", str(signed)], extra=signings.softhsm())
    mode = path.stat().st_mode
    signed.chmod(mode)
    signed.replace(path)


def _key_words(signing: Signing) -> list[str]:
    if signing.backend == "file":
        return ["-certs", signing.chain, "-key", signing.key]
    tool = Path(need("osslsigncode"))
    if version_of(TOOLS["osslsigncode"], tool) < PKCS11_SIGNING:
        raise MissingTool(
            "osslsigncode 2.9 or newer is needed to sign with a token: "
            "apt-get install -t bookworm-backports osslsigncode"
        )
    engine = next((path for path in _ENGINES if Path(path).exists()), None)
    if engine is None:
        raise MissingTool("OpenSSL's PKCS#11 engine is not installed: apt-get install libengine-pkcs11-openssl")
    token = ["-pkcs11engine", engine, "-pkcs11module", signing.module, "-certs", signing.chain, "-key", signing.key]
    return [*token, "-readpass", signing.pin_file]


def is_signed(path: Path) -> bool:
    """Whether a program carries any signature: the certificate table of its header is not empty."""
    data = path.read_bytes()[:4096]
    if data[:2] != b"MZ":
        return False
    at = int.from_bytes(data[0x3C:0x40], "little")
    if data[at : at + 4] != b"PE\0\0":
        return False
    optional = at + 24
    directories = optional + (112 if data[optional : optional + 2] == b"\x0b\x02" else 96)
    return int.from_bytes(data[directories + 4 * 8 + 4 : directories + 4 * 8 + 8], "little") > 0


def verify(path: Path, roots: Path, tsa_roots: Path | None = None, *, at: int | None = None) -> Verified:
    """Check a signature against ``roots``.

    Raises:
        NotVerified: None, altered, of another authority, or past its end without a time stamp.
    """
    tool = need("osslsigncode")
    words: list[str | Path] = [tool, "verify", "-CAfile", roots, "-TSA-CAfile", tsa_roots or roots]
    if version_of(TOOLS["osslsigncode"], Path(tool)) >= PKCS11_SIGNING:
        words += ["-ignore-crl"]
    if at is not None:
        words += ["-time", str(at)]
    try:
        said = run([*words, "-in", path]).stdout.decode("utf-8", "replace")
    except ToolFailed as error:
        raise NotVerified(f"{path.name}: {_reason(str(error))}") from error
    if "Succeeded" not in said.splitlines():
        raise NotVerified(f"{path.name}: {_reason(said)}")
    subject = _SUBJECT.search(said)
    publisher = tuple(_plain(value) for _kind, value in _PART.findall(subject.group(1))) if subject else ()
    return Verified(publisher, "Timestamp verified using" in said)


def _plain(name: str) -> str:
    r"""A name as it is: the tool writes every byte outside ASCII as ``\xHH``."""
    return _ESCAPED.sub(lambda run: bytes.fromhex(run.group(0).replace("\\x", "")).decode("utf-8", "replace"), name)


def _reason(said: str) -> str:
    if "MISMATCH" in said:
        return "altered after it was signed"
    if "No signature found" in said or "not signed" in said.lower():
        return "not signed"
    return "its signature does not hold (authority, time or form)"


def carries(path: Path) -> bool:
    """Whether a package carries any signature; whose is :func:`verify`'s question."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            extract(path, Path(folder) / "signature")
        except ToolFailed:
            return False
    return True


def extract(path: Path, out: Path) -> None:
    """Write the signature of ``path`` by itself."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.unlink(missing_ok=True)
    run([need("osslsigncode"), "extract-signature", "-in", path, "-out", out])


def attach(unsigned: Path, signature: Path, out: Path) -> None:
    """Put a published signature on a file of one's own; whether it holds is :func:`verify`'s question.

    Raises:
        NotVerified: The tool could not put it there.
    """
    out.unlink(missing_ok=True)
    words: list[str | Path] = [need("osslsigncode"), "attach-signature", "-sigin", signature, "-in", unsigned]
    run([*words, "-out", out], ok=(0, 1))  # 1 also when no root was named to check it against
    if not out.is_file():
        raise NotVerified(f"{unsigned.name}: the published signature cannot be attached")
