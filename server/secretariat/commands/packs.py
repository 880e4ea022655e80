# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packs: publish a folder, replace a paper, recall."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from client.errors import BadInput
from server.secretariat import show, show_text
from server.secretariat.ballots import Renewal
from server.secretariat.commands.options import DESK, Ca, DeskOption, DryRun, Json, Lang, PassFile, Server, moment_of
from server.secretariat.console import Options, guarded, page_progress, progress, run
from server.secretariat.text import add_text, tesseract


def publish(
    *,
    folder: Annotated[Path, typer.Argument(help="Thư mục PDF / a folder of PDFs.")],
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Kiểm tra, niêm phong và phát hành một thư mục / check, seal and publish a folder."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.publish(folder, dry_run=dry_run, progress=progress(options)),
        lambda report: show.published(report, options),
        online=not dry_run,
    )


def text(
    *,
    folder: Annotated[Path, typer.Argument(help="Thư mục PDF / a folder of PDFs.")],
    json: Json = False,
    lang: Lang = "vi",
    dry_run: DryRun = False,
) -> None:
    """Thêm lớp chữ cho bản quét trước khi phát hành / give scans a text layer before publishing."""
    options = Options(DESK, json, lang)
    guarded(
        options,
        lambda: add_text(folder, recognise=tesseract(), dry_run=dry_run, progress=page_progress(options)),
        lambda report: show_text.lines(report, options),
    )


def replace(
    *,
    pack: Annotated[str, typer.Argument(help="Mã hoặc tên phiên họp / pack id or title.")],
    paper: Annotated[str, typer.Argument(help="Mã, tệp, số hoặc tên tài liệu / id, file, number or title.")],
    file: Annotated[Path, typer.Argument(help="PDF mới / the new PDF.")],
    new_poll: Annotated[
        bool, typer.Option("--new-poll", help="Hủy phiếu đang mở và gửi phiếu mới / void the open ballot, ask anew.")
    ] = False,
    closes: Annotated[
        str | None, typer.Option("--closes", help="Hạn mới của phiếu mới / the new ballot's own deadline.")
    ] = None,
    short_notice: Annotated[
        str,
        typer.Option("--short-notice", help="Vì sao hạn ngắn hơn quy chế / why it leaves less time than the rules."),
    ] = "",
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Thay một tài liệu đã phát hành / replace one published paper."""
    options = Options(desk, json, lang, passphrase_file, server, ca)

    def renewal() -> Renewal | None:
        if new_poll:
            return Renewal(moment_of(closes, option="--closes"), short_notice)
        if closes is not None or short_notice:
            raise BadInput("--closes, --short-notice: only with --new-poll")
        return None

    run(
        options,
        lambda opened: opened.replace_paper(
            pack, paper, file, renewal=renewal(), dry_run=dry_run, progress=progress(options)
        ),
        lambda report: show.published(report, options),
        online=not dry_run,
    )


def recall(
    *,
    pack: Annotated[str, typer.Argument(help="Mã hoặc tên phiên họp / pack id or title.")],
    paper: Annotated[str | None, typer.Option("--paper", help="Chỉ tài liệu này / this paper only.")] = None,
    hide_title: Annotated[bool, typer.Option("--hide-title", help="Giấu tên tài liệu / hide its title.")] = False,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Thu hồi tài liệu hoặc cả bộ: xóa khỏi máy thành viên / recall a paper or a pack."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.recall(pack, paper, hide_title=hide_title, dry_run=dry_run),
        lambda report: show.published(report, options),
        online=not dry_run,
    )
