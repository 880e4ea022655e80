# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands of ``ecabinet-secretariat``: one per act, nothing decided here.

Every command takes ``--json`` and ``--lang``; those that change something take ``--dry-run``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import Struct

from client.clock import SystemClock
from client.crypto.random import system_random
from client.domain.ids import Moment
from client.errors import BadInput
from client.protocol import codec
from client.protocol.messages import DeviceEntry, KeyRole, Root
from server.secretariat import show
from server.secretariat.console import Options, guarded, passphrase, progress, run
from server.secretariat.desk import Desk
from server.secretariat.desk_file import translated, write_file
from server.secretariat.session_file import moment

app: Final = typer.Typer(
    name="ecabinet-secretariat",
    help="Công cụ của Thư ký: chuẩn bị, niêm phong, phát hành tài liệu và chạy phiếu.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_members: Final = typer.Typer(no_args_is_help=True, help="Thành viên / members.")
_devices: Final = typer.Typer(no_args_is_help=True, help="Thiết bị / devices.")
_poll: Final = typer.Typer(no_args_is_help=True, help="Phiếu / polls.")
_root: Final = typer.Typer(no_args_is_help=True, help="Gốc tin cậy / root of trust.")
for _name, _group in (("members", _members), ("devices", _devices), ("poll", _poll), ("root", _root)):
    app.add_typer(_group, name=_name)

DeskOption = Annotated[
    Path, typer.Option("--desk", envvar="ECABINET_DESK", help="Thư mục bàn làm việc / folder of the desk.")
]
Json = Annotated[bool, typer.Option("--json", help="Trả lời bằng JSON / answer as JSON.")]
Lang = Annotated[str, typer.Option("--lang", help="vi | en")]
PassFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="Tệp chứa mật khẩu / file with the passphrase.")
]
Server = Annotated[str | None, typer.Option("--server", help="https://máy-chủ[:cổng]")]
Ca = Annotated[Path | None, typer.Option("--ca", help="Chứng thư CA riêng (PEM) / private CA.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Chạy thử, không thay đổi gì / change nothing.")]

_DESK: Final = Path("ecabinet-desk")


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


@app.command()
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


@_members.command("import")
def members_import(
    *,
    file: Annotated[Path, typer.Argument(help="CSV: name, role, groups, id")],
    desk: DeskOption = _DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Nhập danh sách thành viên / take members from a CSV file."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.import_members(file, dry_run=dry_run),
        lambda report: show.members(report, options),
        online=False,
    )


@app.command()
def ticket(
    *,
    member: Annotated[str, typer.Argument(help="Mã hoặc họ tên / id or name.")],
    desk: DeskOption = _DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Mở vé đăng ký thiết bị, 15 phút, một lần / a one-time ticket for a new device."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.open_ticket(member), lambda found: show.ticket(found, options))


@_devices.command("pending")
def devices_pending(
    *,
    desk: DeskOption = _DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Thiết bị chờ duyệt / devices that wait."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.pending(), lambda found: show.waiting(found, options))


@_devices.command("approve")
def devices_approve(
    *,
    device: Annotated[str, typer.Argument(help="Mã thiết bị / device id.")],
    digits: Annotated[str, typer.Option("--digits", help="24 chữ số đọc trên thiết bị / the 24 digits.")],
    desk: DeskOption = _DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Duyệt thiết bị sau khi so 24 chữ số trực tiếp / approve after comparing in person."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.approve(device, digits, dry_run=dry_run),
        lambda report: show.device(report, options),
    )


@_devices.command("list")
def devices_list(
    *, desk: DeskOption = _DESK, json: Json = False, lang: Lang = "vi", passphrase_file: PassFile = None
) -> None:
    """Thiết bị đã biết / known devices."""
    options = Options(desk, json, lang, passphrase_file)

    def lines(found: tuple[DeviceEntry, ...]) -> Iterator[str]:
        for entry in found:
            yield f"{entry.id}  {entry.member}  {entry.state.value}  {show.local(entry.since)}"

    run(options, lambda opened: opened.devices, lines, online=False)


@_devices.command("revoke")
def devices_revoke(
    *,
    device: Annotated[str, typer.Argument(help="Mã thiết bị / device id.")],
    wipe: Annotated[
        bool, typer.Option("--wipe", help="Ra lệnh xóa dữ liệu trên máy / order it to erase itself.")
    ] = False,
    desk: DeskOption = _DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Ngừng quyền một thiết bị / end a device."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.revoke(device, wipe=wipe, dry_run=dry_run),
        lambda report: show.device(report, options),
    )


@app.command()
def publish(
    *,
    folder: Annotated[Path, typer.Argument(help="Thư mục PDF / a folder of PDFs.")],
    desk: DeskOption = _DESK,
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


@app.command()
def replace(
    *,
    pack: Annotated[str, typer.Argument(help="Mã hoặc tên phiên họp / pack id or title.")],
    paper: Annotated[str, typer.Argument(help="Mã, tệp, số hoặc tên tài liệu / id, file, number or title.")],
    file: Annotated[Path, typer.Argument(help="PDF mới / the new PDF.")],
    desk: DeskOption = _DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Thay một tài liệu đã phát hành / replace one published paper."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.replace_paper(pack, paper, file, dry_run=dry_run, progress=progress(options)),
        lambda report: show.published(report, options),
        online=not dry_run,
    )


@_poll.command("open")
def poll_open(
    *,
    poll: Annotated[str, typer.Argument(help="Mã phiếu / poll id.")],
    closes: Annotated[str | None, typer.Option("--closes", help="2026-11-27T17:00 (giờ Việt Nam)")] = None,
    desk: DeskOption = _DESK,
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
        lambda opened: opened.open_poll(poll, closes=_time(closes), dry_run=dry_run),
        lambda view: show.poll(view, options),
    )


@_poll.command("close")
def poll_close(
    *,
    poll: Annotated[str, typer.Argument(help="Mã phiếu / poll id.")],
    desk: DeskOption = _DESK,
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


@_poll.command("status")
def poll_status(
    *,
    poll: Annotated[str, typer.Argument(help="Mã phiếu / poll id.")],
    desk: DeskOption = _DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Tình trạng phiếu theo lời ký của máy chủ / where a poll stands."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.poll_status(poll), lambda view: show.poll(view, options))


@app.command()
def results(
    *,
    poll: Annotated[str, typer.Argument(help="Mã phiếu / poll id.")],
    desk: DeskOption = _DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Kiểm chứng và đếm lại kết quả / verify and recount a result."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.results(poll), lambda found: show.result(found, options))


@app.command()
def comments(
    *,
    after: Annotated[int, typer.Option("--after", min=0, help="Chỉ góp ý sau vị trí này / only later ones.")] = 0,
    desk: DeskOption = _DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Đọc góp ý của thành viên / read members' comments."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.read_comments(after=after), lambda read: show.comments(read, options))


@_root.command("export")
def root_export(
    *,
    file: Annotated[Path, typer.Argument(help="Tệp JSON / JSON file.")],
    desk: DeskOption = _DESK,
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


def _time(text: str | None) -> Moment | None:
    if text is None:
        return None
    try:
        return moment(datetime.fromisoformat(text))
    except ValueError as error:
        raise BadInput("--closes") from error
