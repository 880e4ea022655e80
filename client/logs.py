# SPDX-License-Identifier: AGPL-3.0-or-later
"""Logging that may be read by anyone: rotating file, redacted, no content.

The rule is that callers log ids, sizes, codes and hash prefixes only. The filter is the second line of
defence: it shortens hashes, masks anything that looks like key material or a PIN, and drops the arguments of
exceptions that are not ours, because a foreign library may quote what it was working on.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
from pathlib import Path

from client.errors import EcabinetError

MAX_BYTES = 1_000_000
KEEP = 3
_HASH = re.compile(r"sha256:([0-9a-f]{8})[0-9a-f]{56}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_=-]{40,}")
_HEX = re.compile(r"\b[0-9a-fA-F]{32,}\b")
_PIN = re.compile(r"(?i)\b(pin|passphrase|ticket|secret|key)\b(\s*[=:]\s*)\S+")


def redact(text: str) -> str:
    """``text`` without whole hashes, key material, PINs or tickets."""
    text = _HASH.sub(r"#\1", text)
    text = _HEX.sub("[hex]", text)
    text = _BASE64.sub("[data]", text)
    return _PIN.sub(r"\1\2[hidden]", text)


class RedactingFormatter(logging.Formatter):
    """Formats, then redacts; of foreign exceptions only the type and place survive."""

    def format(self, record: logging.LogRecord) -> str:
        """One redacted line, plus the frames of an exception without its arguments."""
        line = redact(
            f"{self.formatTime(record)} {record.levelname} {record.threadName} {record.name}: {record.getMessage()}"
        )
        if record.exc_info and record.exc_info[1] is not None:
            line += "\n" + frames(record.exc_info[1])
        return line


def frames(error: BaseException) -> str:
    """Where ``error`` was raised and its type; the words of ours only, redacted."""
    lines = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"  {Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    what = redact(str(error)) if isinstance(error, EcabinetError) else type(error).__name__
    return "\n".join([*lines, f"  {type(error).__name__}: {what}" if what != type(error).__name__ else f"  {what}"])


def set_up(path: Path | None, *, verbose: bool = False) -> None:
    """Log to ``path`` (rotating) or, where it is None, to standard error."""
    handler: logging.Handler = (
        logging.StreamHandler()
        if path is None
        else logging.handlers.RotatingFileHandler(path, maxBytes=MAX_BYTES, backupCount=KEEP, encoding="utf-8")
    )
    handler.setFormatter(RedactingFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    for chatty in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
