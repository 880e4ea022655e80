# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office's books: the ledger of secret papers, and the trial report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

import typer

from server.secretariat import show
from server.secretariat.commands.options import DESK, Ca, DeskOption, DryRun, Json, Lang, PassFile, Server
from server.secretariat.console import Options, run
from server.secretariat.ledger import CopyState
from server.secretariat.trial import TrialReport

ledger: Final = typer.Typer(no_args_is_help=True, help="Sổ giao nhận tài liệu mật / ledger of secret papers.")

Pack = Annotated[str, typer.Argument(help="Mã hoặc tên phiên họp / pack id or title.")]
Paper = Annotated[str, typer.Argument(help="Mã, số hoặc tên tài liệu mật / id, number or title.")]
Copy = Annotated[str, typer.Argument(help="Số bản / copy number.")]


@ledger.command("out")
def hand_out(
    *,
    pack: Pack,
    paper: Paper,
    copy: Copy,
    member: Annotated[str, typer.Argument(help="Mã hoặc họ tên / id or name.")],
    desk: DeskOption = DESK,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Giao một bản cho thành viên / hand a copy to a member."""
    options = Options(desk, json, lang, passphrase_file)
    run(
        options,
        lambda opened: opened.hand_out(pack, paper, copy, member, dry_run=dry_run),
        lambda found: _copies(found, options),
        online=False,
    )


@ledger.command("back")
def take_back(
    *,
    pack: Pack,
    paper: Paper,
    copy: Copy,
    desk: DeskOption = DESK,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Nhận lại một bản / take a copy back."""
    options = Options(desk, json, lang, passphrase_file)
    run(
        options,
        lambda opened: opened.take_back(pack, paper, copy, dry_run=dry_run),
        lambda found: _copies(found, options),
        online=False,
    )


@ledger.command("list")
def list_copies(
    *, desk: DeskOption = DESK, json: Json = False, lang: Lang = "vi", passphrase_file: PassFile = None
) -> None:
    """Bản nào đang ở đâu / where each copy is."""
    options = Options(desk, json, lang, passphrase_file)
    run(options, lambda opened: opened.copies(), lambda found: _copies(found, options), online=False)


def trial(
    *,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Báo cáo thử nghiệm, chỉ có số liệu tổng hợp / the trial report: aggregate figures only."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.trial_report(), lambda found: _trial(found, options))


def _copies(found: tuple[CopyState, ...], options: Options) -> Iterator[str]:
    if not found:
        yield options.say("Chưa giao bản nào.", "No copy was handed out.")
    for state in found:
        where = options.say("đang giữ", "held by") if state.holder else options.say("đã trả, bởi", "returned by")
        yield f"{state.paper}  {state.copy}  {where} {state.name}  {show.local(state.since)}"


def _trial(found: TrialReport, options: Options) -> Iterator[str]:
    say = options.say
    for session in found.sessions:
        saved = "?" if session.saved_percent is None else f"{session.saved_percent}"
        yield say(
            f"Phiên {session.number}: dự kiến {session.planned_s // 60} phút, thực tế {session.spent_s // 60} phút; "
            f"giảm {saved} % (mục tiêu {session.goal_percent} %).",
            f"Session {session.number}: {session.planned_s // 60} minutes planned, {session.spent_s // 60} spent; "
            f"{saved} % less (goal {session.goal_percent} %).",
        )
        for item in session.items:
            planned = "-" if item.planned_s is None else str(item.planned_s // 60)
            passed = say(" (không thảo luận)", " (without debate)") if item.without_debate else ""
            yield f"  {item.number:2d}. {item.spent_s // 60}/{planned} {say('phút', 'min')}{passed}"
    yield say(
        f"Tài liệu gửi đúng hạn: {found.papers_in_time}/{found.papers}."
        f" Trang không phải in: {found.pages_not_printed}.",
        f"Papers in time: {found.papers_in_time} of {found.papers}. Pages not printed: {found.pages_not_printed}.",
    )
    yield say(
        f"Phiếu lấy ý kiến: {found.ballots}; trả lời đúng hạn {found.answers_in_time}/{found.answers_asked}.",
        f"Opinion ballots: {found.ballots}; answered in time {found.answers_in_time} of {found.answers_asked}.",
    )
