# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions: roll call, items, pages, speakers, conclusions, closing; what members asked; the agenda."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from client.clock import SystemClock
from client.domain.live import Approver, Presence
from client.errors import BadInput
from client.protocol import live_commands as do
from client.protocol.live_commands import SessionCommand
from server.documents import seal
from server.secretariat import room, show_room
from server.secretariat import watch as watching
from server.secretariat.commands.options import DESK, Ca, DeskOption, DryRun, Json, Lang, PassFile, Server
from server.secretariat.console import Options, read_text, run, token_pin, write_new
from server.secretariat.desk import Desk
from server.secretariat.papers import PaperName
from server.secretariat.room import RoomView, Target

session: Final = typer.Typer(no_args_is_help=True, help="Phiên họp / sessions.")

Session = Annotated[str, typer.Argument(help="Mã hoặc tên phiên họp / session id or title.")]
MAX_CONCLUSION: Final = 160 * 1024
"""Bytes of a conclusion's file."""


def _act(options: Options, act: Callable[[Desk], RoomView]) -> None:
    run(options, act, lambda view: show_room.view(view, options))


def _give(options: Options, wanted: str, make: Callable[[Target], SessionCommand], *, dry_run: bool) -> None:
    _act(options, lambda desk: desk.run_session(wanted, make, dry_run=dry_run))


@session.command("status")
def status(
    *,
    session: Session,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Phiên họp đang ở đâu, theo lời ký của máy chủ / where a session stands."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    _act(options, lambda opened: opened.session(session))


@session.command("start")
def start(
    *,
    session: Session,
    begin: Annotated[bool, typer.Option("--begin", help="Khai mạc sau điểm danh / open after the roll call.")] = False,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Bắt đầu điểm danh; --begin: khai mạc hoặc họp tiếp / call the roll; --begin opens or goes on."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    _give(options, session, lambda _: do.BeginSession() if begin else do.CallRoll(), dry_run=dry_run)


@session.command("rollcall")
def rollcall(
    *,
    session: Session,
    here: Annotated[list[str] | None, typer.Option("--here", help="Có mặt / present.")] = None,
    remote: Annotated[list[str] | None, typer.Option("--remote", help="Dự từ xa / attends remotely.")] = None,
    absent: Annotated[list[str] | None, typer.Option("--absent", help="Vắng / absent.")] = None,
    left: Annotated[list[str] | None, typer.Option("--left", help="Đã rời phiên họp / has left.")] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Xác nhận những ai đã tự điểm danh / confirm who checked in.")
    ] = False,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Ghi điểm danh / record the roll."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    marks = dict.fromkeys(here or (), Presence.PRESENT) | dict.fromkeys(remote or (), Presence.REMOTE)
    marks |= dict.fromkeys(absent or (), Presence.ABSENT) | dict.fromkeys(left or (), Presence.LEFT)

    def work(opened: Desk) -> RoomView:
        if not marks and not confirm:
            raise BadInput("rollcall: --here, --remote, --absent, --left or --confirm")
        return opened.call_roll(session, marks, confirm=confirm, dry_run=dry_run)

    _act(options, work)


@session.command("absence")
def absence(
    *,
    session: Session,
    member: Annotated[str, typer.Argument(help="Mã hoặc họ tên / id or name.")],
    refuse: Annotated[bool, typer.Option("--refuse", help="Không đồng ý / refuse.")] = False,
    by: Annotated[str, typer.Option("--by", help="prime_minister | secretariat")] = "prime_minister",
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Ghi ý kiến đồng ý cho vắng mặt / record the consent to an absence."""
    options = Options(desk, json, lang, passphrase_file, server, ca)

    def work(opened: Desk) -> RoomView:
        try:
            approver = Approver(by)
        except ValueError as error:
            raise BadInput("--by") from error
        return opened.decide_absence(session, member, approved=not refuse, by=approver, dry_run=dry_run)

    _act(options, work)


@session.command("item")
def item(
    *,
    session: Session,
    item: Annotated[str, typer.Argument(help="Số thứ tự nội dung / number of the item.")],
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Chuyển sang một nội dung / take up an item."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    _give(options, session, lambda found: do.GoToItem(room.item(found, item).id), dry_run=dry_run)


@session.command("page")
def page(
    *,
    session: Session,
    paper: Annotated[str, typer.Argument(help="Tệp, số, tên hoặc mã tài liệu / file, number, title or id.")],
    page: Annotated[int, typer.Argument(min=1, help="Trang / page.")],
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Trang đang trình bày / what the presenter shows."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    _give(options, session, lambda found: do.ShowPage(room.pointer(found, paper, page)), dry_run=dry_run)


@session.command("speaker")
def speaker(
    *,
    session: Session,
    member: Annotated[str | None, typer.Argument(help="Bỏ trống: người kế tiếp / empty: the next one.")] = None,
    minutes: Annotated[float | None, typer.Option("--minutes", min=0.5, max=120, help="Thời lượng / limit.")] = None,
    end: Annotated[bool, typer.Option("--end", help="Kết thúc phát biểu / end the speech.")] = False,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Mời phát biểu / give the floor."""
    options = Options(desk, json, lang, passphrase_file, server, ca)

    def work(opened: Desk) -> RoomView:
        if end:
            return opened.run_session(session, lambda _: do.EndSpeech(), dry_run=dry_run)
        person = None if member is None else opened.member(member)
        seconds = opened.speech_s(session) if minutes is None else round(minutes * 60)
        return opened.run_session(session, lambda _: do.CallSpeaker(person, seconds), dry_run=dry_run)

    _act(options, work)


@session.command("away")
def away(
    *,
    session: Session,
    back: Annotated[bool, typer.Option("--back", help="Dùng lại thiết bị / take them out again.")] = False,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Cất thiết bị / put devices away."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    _give(options, session, lambda _: do.PutAway(not back), dry_run=dry_run)


@session.command("pause")
def pause(
    *,
    session: Session,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Tạm nghỉ; họp tiếp bằng start --begin / a break."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    _give(options, session, lambda _: do.PauseSession(), dry_run=dry_run)


@session.command("conclude")
def conclude(
    *,
    session: Session,
    item: Annotated[str, typer.Argument(help="Số thứ tự nội dung / number of the item.")],
    text: Annotated[str | None, typer.Option("--text", help="Kết luận / the conclusion.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Tệp văn bản UTF-8 / a text file.")] = None,
    without_debate: Annotated[
        bool, typer.Option("--without-debate", help="Thông qua không thảo luận / passed without debate.")
    ] = False,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Ghi kết luận của một nội dung / record an item's conclusion."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    _act(
        options,
        lambda opened: opened.conclude(
            session,
            item,
            text if file is None else read_text(file, MAX_CONCLUSION),
            without_debate=without_debate,
            dry_run=dry_run,
        ),
    )


@session.command("agenda")
def agenda(
    *,
    session: Session,
    items: Annotated[list[str], typer.Argument(help="Thứ tự mới của các nội dung / the new order.")],
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Đổi chương trình; nội dung không nêu sẽ không xét / change the agenda."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    _act(options, lambda opened: opened.reorder(session, items, dry_run=dry_run))


@session.command("acts")
def acts(
    *,
    session: Session,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Xác nhận, xin vắng, ý kiến, đăng ký phát biểu của thành viên / what members asked."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.acts(session), lambda found: show_room.acts(found, options))


@session.command("paper")
def paper(
    *,
    session: Session,
    which: Annotated[str, typer.Argument(help="minutes | results | resolution (biên bản, kết quả, nghị quyết)")],
    file: Annotated[Path, typer.Argument(help="Tệp PDF mới / a new PDF.")],
    token: Annotated[Path | None, typer.Option("--token", help="Thư viện PKCS#11 để ký / PKCS#11 module.")] = None,
    label: Annotated[str, typer.Option("--token-label", help="Tên thiết bị ký số / the token's label.")] = "",
    key: Annotated[str, typer.Option("--key-label", help="Tên khóa và chứng thư / label of the key.")] = "",
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Lập biên bản, kết quả biểu quyết hoặc nghị quyết; --token để ký số / make a paper, sign it with a token."""
    options = Options(desk, json, lang, passphrase_file, server, ca)

    def work(opened: Desk) -> int:
        try:
            name = PaperName(which)
        except ValueError as error:
            raise BadInput("paper: minutes, results or resolution") from error
        made = opened.session_paper(session, name)
        if token is not None:
            made = seal.sign(made, seal.Token(token, label, key), token_pin(options))
        return write_new(file, made)

    run(options, work, lambda size: iter((f"{file}: {size} B",)))


@session.command("watch")
def watch(
    *,
    session: Session,
    every: Annotated[float, typer.Option("--every", min=0.5, max=60, help="Giây / seconds.")] = 1.0,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Màn hình theo dõi phòng họp / the room's dashboard; Ctrl+C ends it."""
    options = Options(desk, lang=lang, passphrase_file=passphrase_file, server=server, ca=ca)

    def draw(view: RoomView) -> str:
        size = shutil.get_terminal_size()
        return watching.frame(view, options, now=SystemClock().now(), width=size.columns, height=size.lines)

    def work(opened: Desk) -> None:
        gone = threading.Event()
        frames = watching.frames(lambda: opened.session(session), draw, lambda: not gone.wait(every))
        for drawn in frames:
            typer.echo(watching.CLEAR + drawn)

    run(options, work, lambda _: ())


@session.command("close")
def close(
    *,
    session: Session,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Bế mạc, không mở lại được / end the session for good."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    _give(options, session, lambda _: do.CloseSession(), dry_run=dry_run)
