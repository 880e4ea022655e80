# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks detached signatures of files (CMS) and of bytes, by ``openssl``; makes none.

A signature made with a certificate that is not for code signing does not count, whatever vouches for it.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Final

from resources.packaging.builder import timestamps
from resources.packaging.builder.authenticode import Verified
from resources.packaging.builder.errors import NotVerified, ToolFailed
from resources.packaging.builder.signing import public_key
from resources.packaging.builder.tools import need, run

_NAME: Final = re.compile(r"^\s*(?:commonName|organizationName)\s*=\s*(.+)$", re.MULTILINE)


def verify(
    path: Path, signature: Path, roots: Path, tsa_roots: Path | None = None, *, at: int | None = None
) -> Verified:
    """Check ``signature`` (``.p7s``) over ``path``.

    Args:
        path: The file.
        signature: Its detached signature; a stamp beside it (``.tsr``) is used if ``tsa_roots`` is given.
        roots: Whose certificates count.
        tsa_roots: Whose time stamps count.
        at: Seconds since 1970 to check for, if not now.

    Raises:
        NotVerified: It does not hold.
    """
    openssl = need("openssl")
    for file in (path, signature, roots):
        if not file.is_file():
            raise NotVerified(f"{file.name} is missing")
    stamp = path.with_name(path.name + ".tsr")
    stamped = stamp.is_file() and tsa_roots is not None
    when = timestamps.verify(signature, stamp, tsa_roots) if stamped and tsa_roots else at
    with tempfile.TemporaryDirectory() as folder:
        signer = Path(folder) / "signer.pem"
        words: list[str | Path] = [openssl, "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"]
        words += ["-in", signature, "-content", path, "-CAfile", roots, "-signer", signer, "-out", "/dev/null"]
        try:
            run([*words, *(["-attime", str(when)] if when is not None else [])])
            shown = ["-noout", "-subject", "-nameopt", "multiline,utf8,-esc_msb", "-ext", "extendedKeyUsage"]
            said = run([openssl, "x509", "-in", signer, *shown]).stdout.decode("utf-8", "replace")
        except ToolFailed as error:
            raise NotVerified(f"{signature.name}: the signature over {path.name} does not hold") from error
    if "Code Signing" not in said:
        raise NotVerified(f"{signature.name}: its certificate is not for code signing")
    return Verified(tuple(name.strip() for name in _NAME.findall(said)), stamped)


def verify_raw(data: bytes, signature: bytes, chain: Path) -> bool:
    """Whether ``signature`` over ``data`` is by the key of the first certificate in ``chain``."""
    with tempfile.TemporaryDirectory() as folder:
        given, sig, key = (Path(folder) / name for name in ("data", "signature", "key.pem"))
        given.write_bytes(data)
        sig.write_bytes(signature)
        key.write_bytes(public_key(chain))
        words: list[str | Path] = [need("openssl"), "dgst", "-sha256", "-verify", key, "-signature", sig, given]
        return run(words, ok=(0, 1)).returncode == 0
