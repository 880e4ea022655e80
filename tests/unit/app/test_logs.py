# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log may be read by anyone."""

from __future__ import annotations

import logging
from pathlib import Path

from client.errors import DecryptionFailed
from client.logs import RedactingFormatter, redact, set_up

TITLE = "Tờ trình về biên chế"


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("client.sync", logging.INFO, __file__, 1, message, args, info)


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except type(error) as caught:
        return caught


def test_hashes_are_shortened_and_keys_masked() -> None:
    line = redact(f"blob sha256:{'ab' * 32} key={'k' * 44} pin=135790 ticket: ABCDEFGHIJ")
    assert "#abababab" in line
    assert "ab" * 32 not in line
    assert "135790" not in line
    assert "ABCDEFGHIJ" not in line
    assert "k" * 44 not in line


def test_what_a_foreign_exception_quotes_does_not_reach_the_log() -> None:
    line = RedactingFormatter().format(record("failed", error=raised(ValueError(TITLE))))
    assert TITLE not in line
    assert "ValueError" in line
    assert "test_logs.py" in line


def test_our_own_errors_keep_their_detail() -> None:
    line = RedactingFormatter().format(record("failed", error=raised(DecryptionFailed("chunk 7"))))
    assert "untrusted.sealed: chunk 7" in line


def test_the_file_rotates(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = list(root.handlers)
    try:
        set_up(tmp_path / "e.log")
        for _ in range(15_000):
            logging.getLogger("client.sync").info("a line of no consequence that fills the file to the brim")
        assert sorted(p.name for p in tmp_path.iterdir()) == ["e.log", "e.log.1"]
    finally:
        for handler in [h for h in root.handlers if h not in before]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(logging.WARNING)
