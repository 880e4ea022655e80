# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a command runs and answers: opens the desk, prints for people or as JSON, turns errors into exit codes.

Exit codes: 0 done, 2 bad input, 3 the service, 4 something did not verify, 5 this machine, 130 stopped by Ctrl+C.
Answers go to standard output, everything else to standard error, so that ``--json`` stays clean.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn, TypeVar

import msgspec
import typer

from client.clock import SystemClock
from client.crypto.random import system_random
from client.errors import BadInput, EcabinetError, EnvironmentFault, ServiceError, Text, Untrusted, UserError
from server.secretariat.desk import Desk
from server.secretariat.desk_file import DeskFault
from server.secretariat.findings import FolderRefused
from server.secretariat.members import BadMembers
from server.secretariat.serving import BadLink
from server.secretariat.transport import tls_context

ENV_PASSPHRASE: Final = "ECABINET_DESK_PASSPHRASE"  # noqa: S105 - a variable's name
ENV_TOKEN_PIN: Final = "ECABINET_TOKEN_PIN"  # noqa: S105 - a variable's name
OK, BAD_INPUT, SERVICE, UNTRUSTED, MACHINE, STOPPED = 0, 2, 3, 4, 5, 130
_EXIT_CODES: Final[tuple[tuple[type[EcabinetError], int], ...]] = (
    (UserError, BAD_INPUT),
    (ServiceError, SERVICE),
    (Untrusted, UNTRUSTED),
    (EnvironmentFault, MACHINE),
)
_STEPS: Final = {"seal": Text("Niêm phong", "Sealing"), "send": Text("Gửi", "Sending")}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """What every command takes."""

    desk: Path
    json: bool = False
    lang: str = "vi"
    passphrase_file: Path | None = None
    server: str | None = None
    ca: Path | None = None

    def say(self, vi: str, en: str) -> str:
        """The sentence in the chosen language."""
        return en if self.lang == "en" else vi


class NeedsServer(BadInput):
    """The command needs a service and none is known."""

    code = "user.no_server"
    title = Text("Chưa biết địa chỉ máy chủ", "The service's address is not known")
    next_step = Text("Thêm --server https://...", "Add --server https://...")


def passphrase(options: Options, *, confirm: bool = False) -> str:
    """From a file, the environment, or asked for.

    Raises:
        BadInput: The file cannot be read, the two entries differ, or there is nobody to ask.
    """
    if options.passphrase_file is not None:
        try:
            return options.passphrase_file.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput("passphrase file") from error
    if given := os.environ.get(ENV_PASSPHRASE):
        return given
    if not sys.stdin.isatty():
        raise BadInput(f"passphrase: use --passphrase-file or {ENV_PASSPHRASE}")
    first = getpass.getpass(options.say("Mật khẩu bàn làm việc: ", "Desk passphrase: "))
    if confirm and getpass.getpass(options.say("Nhập lại: ", "Again: ")) != first:
        raise BadInput("passphrase: the two differ")
    return first


def run(options: Options, act: Callable[[Desk], T], show: Callable[[T], Iterable[str]], *, online: bool = True) -> None:
    """Open the desk, do one thing, print the answer, exit.

    Args:
        options: From the command line.
        act: What to do.
        show: The answer as lines for people.
        online: Whether a service is needed; otherwise one is used if named.
    """

    def work() -> T:
        clock, rng = SystemClock(), system_random
        with Desk.open(options.desk, passphrase(options), clock, rng) as desk:
            url = options.server or (desk.server if online else "")
            if url:
                desk.connect(url, verify=tls_context(options.ca) if url.startswith("https:") else None)
            elif online:
                raise NeedsServer
            return act(desk)

    guarded(options, work, show)


def guarded(options: Options, work: Callable[[], T], show: Callable[[T], Iterable[str]]) -> None:
    """Do one thing, print its answer or its error, exit with the code for it."""
    try:
        result = work()
    except EcabinetError as error:
        fail(options, error)
    except OSError as error:
        fail(options, DeskFault(error.strerror or type(error).__name__))
    except KeyboardInterrupt:
        text = options.say("Đã dừng. Chạy lại đúng lệnh này để tiếp tục.", "Stopped. Run the same command to go on.")
        typer.echo(text, err=True)
        raise typer.Exit(STOPPED) from None
    if options.json:
        typer.echo(_json({"ok": True, "result": result}))
    else:
        for line in show(result):
            typer.echo(line)


def token_pin(options: Options) -> str:
    """A signing token's PIN, from the environment or asked for; never kept.

    Raises:
        BadInput: There is nobody to ask.
    """
    if given := os.environ.get(ENV_TOKEN_PIN):
        return given
    if not sys.stdin.isatty():
        raise BadInput(f"token PIN: use {ENV_TOKEN_PIN}")
    return getpass.getpass(options.say("Mã PIN thiết bị ký số: ", "Token PIN: "))


def write_new(path: Path, data: bytes) -> int:
    """Write a file that must not exist yet, readable by its owner alone; its size.

    Raises:
        BadInput: There is one.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BadInput(f"{path.name}: exists") from error
    with os.fdopen(handle, "wb") as file:
        return file.write(data)


def read_text(path: Path, most: int) -> str:
    """The words in a UTF-8 file.

    Args:
        path: The file.
        most: Bytes it may have.

    Raises:
        BadInput: It cannot be read, is empty or too long.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= most else b""
        text = data.decode("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("--file") from error
    if not text:
        raise BadInput(f"--file: empty, or over {most} bytes")
    return text


def fail(options: Options, error: EcabinetError) -> NoReturn:
    """Print an error and exit."""
    findings = error.findings if isinstance(error, FolderRefused) else ()
    why = error.why.of(options.lang) if isinstance(error, BadMembers | BadLink) else ""
    if options.json:
        body = {
            "code": error.code,
            "title": error.title.of(options.lang),
            "next_step": error.next_step.of(options.lang),
            "detail": error.detail,
        }
        if findings:
            body["findings"] = findings  # type: ignore[assignment]  # JSON only
        typer.echo(_json({"ok": False, "error": body}))
    else:
        for found in findings:
            typer.echo(f"{_MARKS[found.level.value]} {found.of(options.lang)}", err=True)
        detail = why or error.detail
        typer.echo(f"{error.title.of(options.lang)}{f' ({detail})' if detail else ''}.", err=True)
        typer.echo(error.next_step.of(options.lang), err=True)
    raise typer.Exit(next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), MACHINE))


_MARKS: Final = {"error": "✗", "warning": "!", "note": "·"}


def progress(options: Options) -> Callable[[str, int, int], None] | None:
    """A counter on standard error, when a person watches."""
    if options.json or not sys.stderr.isatty():
        return None

    def shown(step: str, done: int, total: int) -> None:
        share = done * 100 // total if total else 100
        typer.echo(f"\r{_STEPS[step].of(options.lang)} {share:3d} %", err=True, nl=done >= total)

    return shown


def page_progress(options: Options) -> Callable[[str, int, int], object]:
    """Pages done of a file, on standard error, when a person watches."""

    def shown(file: str, done: int, total: int) -> None:
        if not options.json and sys.stderr.isatty():
            typer.echo(f"\r{file}: {done} / {total}", err=True, nl=done >= total)

    return shown


def mark(level: str) -> str:
    """The sign in front of a finding."""
    return _MARKS[level]


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
