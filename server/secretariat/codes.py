# SPDX-License-Identifier: AGPL-3.0-or-later
"""A receipt as QR codes on one page, for a member who has no stick: read with a hand-held scanner.

The codes hold what the receipt's file holds, signed by the service; the page, shown or printed, says nothing else.
"""

from __future__ import annotations

from typing import Final

import segno

from client.protocol import carried

SCALE: Final = 4
_HEAD: Final = (
    '<!DOCTYPE html><html lang="vi"><meta charset="utf-8"><title>Biên nhận</title>'
    "<style>body{background:#fff;color:#000;font-family:sans-serif}"
    "figure{display:inline-block;margin:24px;text-align:center}</style>"
)


def page(receipt: bytes) -> bytes:
    """An HTML page without scripts or outside references.

    Raises:
        LimitExceeded: Too long for codes; the file is the way then.
    """
    codes = carried.lines(receipt)
    drawn = (segno.make_qr(line, error="m").svg_inline(scale=SCALE) for line in codes)
    figures = [f"<figure>{code}<figcaption>{n}/{len(codes)}</figcaption></figure>" for n, code in enumerate(drawn, 1)]
    return "".join((_HEAD, *figures, "</html>\n")).encode()
