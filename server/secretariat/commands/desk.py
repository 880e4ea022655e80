# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk itself: a new one, and the root of trust it hands out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import Struct

from client.clock import SystemClock
from client.crypto.random import system_random
from client.protocol import codec
from client.protocol.messages import KeyRole, Root
from server.secretariat.commands.options import DESK, DeskOption, DryRun, Json, Lang, PassFile, Server
from server.secretariat.console import Options, guarded, passphrase, run
from server.secretariat.desk import Desk
from server.secretariat.desk_file import translated, write_file

root: Final = typer.Typer(no_args_is_help=True, help="Gốc tin cậy / root of trust.")


class Initialised(Struct, frozen=True):
    """A new desk: who may publish and register, to be given to service and clients."""

    desk: str
    body: str
    registrar: KeyRole
    publisher: KeyRole
    dry_run: bool = False


class RootWritten(Struct, frozen=True):
    """Where the root was written."""

    file: str
    root: Root


def init(
    *,
    desk: Annotated[Path, typer.Argument(help="Thư mục mới / new folder.")],
    body: Annotated[str, typer.Option("--body", help="Tên cơ quan / name of the body.")],
    service_key: Annotated[
        str | None, typer.Option("--service-key", help="Khóa biên nhận của máy chủ / the service's receipt key.")
    ] = None,
    server: Server = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Tạo bàn làm việc mới với khóa mới / make a new desk."""
    options = Options(desk, json, lang, passphrase_file, server)

    def work() -> Initialised:
        secret = passphrase(options, confirm=True)
        if dry_run:
            none = KeyRole("none", "")
            return Initialised(str(desk), body, none, none, dry_run=True)
        with Desk.create(desk, secret, body, SystemClock(), system_random, service_key=service_key) as made:
            if server:
                made.connect(server)
            root = made.root()
        return Initialised(str(desk), body, root.registrar, root.publisher)

    def lines(made: Initialised) -> Iterator[str]:
        if made.dry_run:
            yield options.say("Chạy thử: chưa tạo gì.", "Dry run: nothing was made.")
            return
        yield options.say(f"Đã tạo bàn làm việc: {made.desk}", f"Made the desk: {made.desk}")
        yield options.say(
            "Sao lưu thư mục này và giữ mật khẩu: mất một trong hai là mất quyền phát hành.",
            "Back up the folder and keep the passphrase: losing either ends the right to publish.",
        )

    guarded(options, work, lines)


@root.command("export")
def root_export(
    *,
    file: Annotated[Path, typer.Argument(help="Tệp JSON / JSON file.")],
    desk: DeskOption = DESK,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Ghi gốc tin cậy cho máy chủ và máy thành viên / write the root for service and clients."""
    options = Options(desk, json, lang, passphrase_file)

    def work(opened: Desk) -> RootWritten:
        root = opened.root()
        if not dry_run:
            with translated():
                write_file(file, codec.encode(root))
        return RootWritten(str(file), root)

    run(options, work, lambda written: [written.file], online=False)
