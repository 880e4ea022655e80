# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk itself: a new one, and the root of trust it hands out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import Struct

from client import durable
from client.clock import SystemClock
from client.crypto import signing
from client.crypto.random import system_random
from client.protocol import codec
from client.protocol.messages import Root
from server.secretariat.commands.options import DESK, DeskOption, DryRun, Json, Lang, PassFile, Server
from server.secretariat.console import Options, guarded, passphrase, run
from server.secretariat.desk import Desk
from server.secretariat.desk_file import translated
from server.secretariat.founding import KEYS

root: Final = typer.Typer(no_args_is_help=True, help="Gốc tin cậy / root of trust.")


class Initialised(Struct, frozen=True):
    """A new desk and the files of its root keys; ``root export`` writes what service and clients are given."""

    desk: str
    body: str
    root_keys: tuple[str, ...] = ()
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
        str, typer.Option("--service-key", help="Khóa của máy chủ, do ecabinet-server init in ra / the service's key.")
    ],
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
            signing.decode_public(service_key)
            return Initialised(str(desk), body, dry_run=True)
        with Desk.create(desk, secret, body, SystemClock(), system_random, service_key=service_key) as made:
            if server:
                made.connect(server)
        return Initialised(str(desk), body, tuple(str(path) for path in sorted((desk / KEYS).iterdir())))

    def lines(made: Initialised) -> Iterator[str]:
        if made.dry_run:
            yield options.say("Chạy thử: chưa tạo gì.", "Dry run: nothing was made.")
            return
        yield options.say(f"Đã tạo bàn làm việc: {made.desk}", f"Made the desk: {made.desk}")
        yield options.say(
            "Sao lưu thư mục này và giữ mật khẩu: mất một trong hai là mất quyền phát hành.",
            "Back up the folder and keep the passphrase: losing either ends the right to publish.",
        )
        yield options.say(
            f"Ba khóa gốc nằm ở {desk / KEYS}: chép mỗi khóa vào một USB, cất riêng, rồi xóa khỏi máy này.",
            f"The three root keys are in {desk / KEYS}: move each to its own USB stick and lock them away.",
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
                durable.replace(file, codec.encode(root))
        return RootWritten(str(file), root)

    run(options, work, lambda written: [written.file], online=False)
