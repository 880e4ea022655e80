# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls: open, close, look, recount."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import typer

from client.domain.ids import ChoiceCode, QuestionId
from client.errors import BadInput
from server.secretariat import show
from server.secretariat.commands.options import DESK, Ca, DeskOption, DryRun, Json, Lang, PassFile, Server, moment_of
from server.secretariat.console import Options, run, write_new
from server.secretariat.desk import Desk
from server.secretariat.results import PollView

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


@poll.command("extend")
def poll_extend(
    *,
    poll: Annotated[str, typer.Argument(help="Mã phiếu / poll id.")],
    closes: Annotated[str, typer.Option("--closes", help="Hạn mới: 2026-11-27T17:00 (giờ Việt Nam)")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do, thành viên đọc được / why; members read it.")],
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Gia hạn phiếu đang mở và báo lý do cho thành viên / a later deadline, with the reason."""
    options = Options(desk, json, lang, passphrase_file, server, ca)

    def work(opened: Desk) -> PollView:
        later = moment_of(closes, option="--closes")
        assert later is not None
        return opened.extend_poll(poll, later, reason, dry_run=dry_run)

    run(options, work, lambda view: show.poll(view, options))


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


@poll.command("certify")
def poll_certify(
    *,
    poll: Annotated[str, typer.Argument(help="Mã phiếu / poll id.")],
    admit: Annotated[list[str] | None, typer.Option("--admit", help="Mã băm phiếu muộn / hash of a late vote.")] = None,
    ruling: Annotated[list[str] | None, typer.Option("--ruling", help="q1=yes: quyết định khi ngang phiếu.")] = None,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Xác nhận kết quả chính thức / make a result final."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.certify_poll(
            poll, admit=tuple(admit or ()), ruling=_rulings(ruling or ()), dry_run=dry_run
        ),
        lambda found: show.result(found, options),
    )


@poll.command("late")
def poll_late(
    *,
    poll: Annotated[str, typer.Argument(help="Mã phiếu / poll id.")],
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Phiếu đến sau khi đóng: mã cho --admit, không cho biết lựa chọn / late votes, without what they say."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.late_votes(poll), lambda found: show.late_votes(found, options))


def _rulings(texts: Iterable[str]) -> dict[QuestionId, ChoiceCode]:
    pairs = [text.partition("=") for text in texts]
    if any(not q or not choice for q, _, choice in pairs):
        raise BadInput("--ruling")
    return {QuestionId(q): ChoiceCode(choice) for q, _, choice in pairs}


@poll.command("overdue")
def poll_overdue(
    *,
    hours: Annotated[float, typer.Option("--hours", min=0, help="Báo trước hạn (giờ) / hours before the end.")] = 24,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Phiếu lấy ý kiến đang mở và ai chưa trả lời / open opinion ballots and who has not answered."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.awaited(within_s=round(hours * 3600)),
        lambda found: show.awaited(found, options),
    )


@poll.command("export")
def poll_export(
    *,
    poll: Annotated[str, typer.Argument(help="Mã phiếu / poll id.")],
    file: Annotated[Path, typer.Argument(help="Tệp JSON mới / a new JSON file.")],
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Xuất chứng cứ để đếm lại độc lập / export what a recount needs."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: write_new(file, opened.export_poll(poll)), lambda size: iter((f"{file}: {size} B",)))


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
