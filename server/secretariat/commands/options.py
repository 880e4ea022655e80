# SPDX-License-Identifier: AGPL-3.0-or-later
"""The options that every command of ``ecabinet-secretariat`` shares, spelt once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from client.domain.ids import Moment
from client.errors import BadInput
from server.secretariat.session_file import moment

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

DESK: Final = Path("ecabinet-desk")


def moment_of(text: str | None, *, option: str) -> Moment | None:
    """A time as typed, in Việt Nam unless it names another zone.

    Raises:
        BadInput: It is not a time; names ``option``.
    """
    if text is None:
        return None
    try:
        return moment(datetime.fromisoformat(text))
    except ValueError as error:
        raise BadInput(option) from error
