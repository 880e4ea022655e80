# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls: open, close, look, recount."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from server.secretariat import show
from server.secretariat.commands.options import DESK, Ca, DeskOption, DryRun, Json, Lang, PassFile, Server, moment_of
from server.secretariat.console import Options, run

poll: Final = typer.Typer(no_args_is_help=True, help="Phiếu / polls.")


@poll.command("open")
def poll_open(
    *,
    poll: Annotated[str, typer.Argument(help="Mã phiếu / poll id.")],
    closes: Annotated[str | None, typer.Option("--closes", help="2026-11-27T17:00 (giờ Việt Nam)")] = None,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Mở phiếu, hoặc đặt hạn / open a poll, or set its deadline."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.open_poll(poll, closes=moment_of(closes, option="--closes"), dry_run=dry_run),
        lambda view: show.poll(view, options),
    )


@poll.command("close")
def poll_close(
    *,
    poll: Annotated[str, typer.Argument(help="Mã phiếu / poll id.")],
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Đóng phiếu, không mở lại được / close a poll for good."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.close_poll(poll, dry_run=dry_run), lambda view: show.poll(view, options))


@poll.command("status")
def poll_status(
    *,
    poll: Annotated[str, typer.Argument(help="Mã phiếu / poll id.")],
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Tình trạng phiếu theo lời ký của máy chủ / where a poll stands."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.poll_status(poll), lambda view: show.poll(view, options))


def results(
    *,
    poll: Annotated[str, typer.Argument(help="Mã phiếu / poll id.")],
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Kiểm chứng và đếm lại kết quả / verify and recount a result."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.results(poll), lambda found: show.result(found, options))
