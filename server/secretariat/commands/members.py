# SPDX-License-Identifier: AGPL-3.0-or-later
"""Members and their devices: import, tickets, approval in person, the end of a device."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from client.protocol.messages import DeviceEntry
from server.secretariat import show
from server.secretariat.commands.options import DESK, Ca, DeskOption, DryRun, Json, Lang, PassFile, Server
from server.secretariat.console import Options, run

members: Final = typer.Typer(no_args_is_help=True, help="Thành viên / members.")
devices: Final = typer.Typer(no_args_is_help=True, help="Thiết bị / devices.")


@members.command("import")
def members_import(
    *,
    file: Annotated[Path, typer.Argument(help="CSV: name, role, groups, id, serves")],
    desk: DeskOption = DESK,
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


@members.command("serves")
def members_serves(
    *,
    aide: Annotated[str, typer.Argument(help="Người giúp việc: mã hoặc họ tên / the aide: id or name.")],
    served: Annotated[
        list[str] | None, typer.Argument(help="Thành viên được giúp việc; bỏ trống: không ai / members, or nobody.")
    ] = None,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Ghi ai giúp việc cho thành viên nào / say whom an aide serves."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.set_serves(aide, served or (), dry_run=dry_run),
        lambda report: show.serves(report, options),
        online=False,
    )


def ticket(
    *,
    member: Annotated[str, typer.Argument(help="Mã hoặc họ tên / id or name.")],
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Mở vé đăng ký thiết bị, 15 phút, một lần / a one-time ticket for a new device."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.open_ticket(member), lambda found: show.ticket(found, options))


@devices.command("pending")
def devices_pending(
    *,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Thiết bị chờ duyệt / devices that wait."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.pending(), lambda found: show.waiting(found, options))


@devices.command("approve")
def devices_approve(
    *,
    device: Annotated[str, typer.Argument(help="Mã thiết bị / device id.")],
    digits: Annotated[str, typer.Option("--digits", help="24 chữ số đọc trên thiết bị / the 24 digits.")] = "",
    qr: Annotated[str, typer.Option("--qr", help="Nội dung mã QR quét trên thiết bị / text of the scanned code.")] = "",
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Duyệt thiết bị sau khi so 24 chữ số hoặc quét mã QR trực tiếp / approve after comparing in person."""
    if bool(digits) == bool(qr):
        raise typer.BadParameter("--digits / --qr: chỉ một trong hai / exactly one of them")
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.approve(device, digits or qr, dry_run=dry_run),
        lambda report: show.device(report, options),
    )


@devices.command("wiped")
def devices_wiped(
    *,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Thiết bị được lệnh xóa và báo cáo của chúng / devices told to erase themselves, and their reports."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.wiped(), lambda found: show.wiped(found, options))


@devices.command("list")
def devices_list(
    *, desk: DeskOption = DESK, json: Json = False, lang: Lang = "vi", passphrase_file: PassFile = None
) -> None:
    """Thiết bị đã biết / known devices."""
    options = Options(desk, json, lang, passphrase_file)

    def lines(found: tuple[DeviceEntry, ...]) -> Iterator[str]:
        for entry in found:
            yield f"{entry.id}  {entry.member}  {entry.state.value}  {show.local(entry.since)}"

    run(options, lambda opened: opened.devices, lines, online=False)


@devices.command("revoke")
def devices_revoke(
    *,
    device: Annotated[str, typer.Argument(help="Mã thiết bị / device id.")],
    wipe: Annotated[
        bool, typer.Option("--wipe", help="Ra lệnh xóa dữ liệu trên máy / order it to erase itself.")
    ] = False,
    desk: DeskOption = DESK,
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
