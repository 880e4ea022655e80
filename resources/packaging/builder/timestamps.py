# SPDX-License-Identifier: AGPL-3.0-or-later
"""Time stamps (RFC 3161): a third party's word that a signature existed before its certificate ran out."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final

from resources.packaging.builder.errors import BuilderError, NotVerified, ToolFailed
from resources.packaging.builder.tools import need, run

if TYPE_CHECKING:
    from resources.packaging.builder.signing import Signing

MAX_REPLY: Final = 64 * 1024
PATIENCE_S: Final = 30
_TIME: Final = re.compile(r"^Time stamp: (.+) GMT$", re.MULTILINE)


def stamp(signing: Signing, path: Path, out: Path) -> None:
    """Have ``path`` stamped; ``out`` is the authority's reply, verified if ``SIGN_TSA_CA`` is given.

    Raises:
        BuilderError: The authority did not answer, or with something else than a stamp for this file.
    """
    openssl = need("openssl")
    with tempfile.TemporaryDirectory() as folder:
        query = Path(folder) / "query"
        run([openssl, "ts", "-query", "-data", path, "-sha256", "-cert", "-no_nonce", "-out", query])
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked below
            signing.tsa_url, query.read_bytes(), {"Content-Type": "application/timestamp-query"}
        )
        if request.type not in {"http", "https"}:
            raise BuilderError("SIGN_TSA_URL must be http or https")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310
                reply = answer.read(MAX_REPLY + 1)
        except (urllib.error.URLError, TimeoutError) as error:
            raise BuilderError(f"the time-stamp authority did not answer: {error}") from error
    if len(reply) > MAX_REPLY:
        raise BuilderError("the time-stamp authority's answer is too long")
    out.write_bytes(reply)
    if signing.tsa_ca:
        verify(path, out, Path(signing.tsa_ca))


def verify(path: Path, reply: Path, roots: Path) -> int:
    """Check that ``reply`` is a stamp for ``path``; returns its time, seconds since 1970.

    Raises:
        NotVerified: It is not, or nobody in ``roots`` vouches for it.
    """
    openssl = need("openssl")
    try:
        run([openssl, "ts", "-verify", "-data", path, "-in", reply, "-CAfile", roots])
        text = run([openssl, "ts", "-reply", "-in", reply, "-text"]).stdout.decode()
    except ToolFailed as error:
        raise NotVerified(f"{reply.name}: no valid time stamp for {path.name}") from error
    match = _TIME.search(text)
    if match is None:
        raise NotVerified(f"{reply.name}: says no time")
    moment = dt.datetime.strptime(match.group(1), "%b %d %H:%M:%S %Y").replace(tzinfo=dt.UTC)
    return int(moment.timestamp())
