# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of acts that were handed over, as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from client.errors import Text
from server.secretariat.carried import TakenReport
from server.secretariat.console import Options, mark

_STATUS: Final = {
    "counted": Text("đã được tính", "counted"),
    "late": Text("quá hạn, không được tính", "late, not counted"),
    "recorded": Text("đã tiếp nhận", "recorded"),
    "": Text("mở được, chưa gửi", "opens, not sent"),
}


def taken(report: TakenReport, options: Options) -> Iterator[str]:
    """One line a file, and where the receipt lies."""
    for one in report.taken:
        if one.problem:
            yield f"{mark('error')} {one.file}: {one.problem}"
            continue
        who = f"{one.name} ({one.member})" if one.name else str(one.member)
        yield f"{mark('note')} {one.file}: {who}, {one.subject}: {_STATUS[one.status].of(options.lang)}"
        if one.receipt:
            yield options.say(f"    Biên nhận: {one.receipt}", f"    Receipt: {one.receipt}")
            yield options.say(f"    Mã QR để quét: {one.codes}", f"    As QR codes to scan: {one.codes}")
