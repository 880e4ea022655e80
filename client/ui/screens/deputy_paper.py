# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hand-over sheet as a page: for the screen, and as a PDF with the name of whoever takes it out on every page.

Made from values with Qt's own text layout; words of people are escaped, nothing in them is ever read as markup.
"""

from __future__ import annotations

import html
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPageSize, QPainter, QPdfWriter, QTextDocument

from client.domain.handover import HandOver, SheetItem, SheetNote
from client.ui import formats
from client.ui.i18n import tr
from client.ui.screens.live_words import position_words
from client.ui.theme.fonts import FAMILY

_DPI: Final = 150
_MARGIN_MM: Final = 18.0
_TEXT_PT: Final = 12
_STAMP_PT: Final = 11
_STAMP: Final = QColor(90, 100, 112, 90)


def as_html(sheet: HandOver, author: str, to: str = "") -> str:
    """The sheet as simple markup.

    Args:
        sheet: What was written.
        author: Who gives it.
        to: Who receives it, if it is to be said.
    """
    lines = [f"<h2>{_text(tr('Phiếu bàn giao'))}</h2>", f"<p><b>{_text(sheet.title)}</b><br/>"]
    lines.append(f"{_text(formats.long_moment(sheet.starts))}</p>")
    given = tr("Người giao: {name}").format(name=author)
    if to:
        given += "\n" + tr("Người nhận: {name}").format(name=to)
    lines.append(
        f"<p>{_text(given)}<br/>{_text(tr('Lập lúc {moment}').format(moment=formats.short_moment(sheet.made)))}</p>"
    )
    lines.append(f"<p><i>{_text(tr('Người dự thay trình bày ý kiến, không biểu quyết.'))}</i></p>")
    if sheet.message:
        lines.append(f"<p>{_text(sheet.message)}</p>")
    lines += [_item(item) for item in sheet.items]
    return "".join(lines)


def as_pdf(sheet: HandOver, author: str, *, to: str, stamp: str) -> bytes:
    """The sheet as PDF, A4, with ``stamp`` across every page; on any thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM))
    writer.setTitle(tr("Phiếu bàn giao"))
    writer.setCreator("e-Cabinet")
    room = QSizeF(writer.width(), writer.height())
    document = QTextDocument()
    document.setDefaultFont(QFont(FAMILY, _TEXT_PT))
    document.documentLayout().setPaintDevice(writer)
    document.setPageSize(room)
    document.setHtml(as_html(sheet, author, to))
    painter = QPainter(writer)
    for page in range(document.pageCount()):
        if page:
            writer.newPage()
        painter.save()
        painter.translate(0, -page * room.height())
        document.drawContents(painter, QRectF(0, page * room.height(), room.width(), room.height()))
        painter.restore()
        _paint_stamp(painter, room, stamp)
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def _paint_stamp(painter: QPainter, room: QSizeF, stamp: str) -> None:
    painter.save()
    painter.setFont(QFont(FAMILY, _STAMP_PT))
    painter.setPen(_STAMP)
    for row in (0.2, 0.5, 0.8):
        painter.save()
        painter.translate(QPointF(room.width() / 2, room.height() * row))
        painter.rotate(-20)
        painter.drawText(QRectF(-room.width() / 2, -60, room.width(), 120), Qt.AlignmentFlag.AlignCenter, stamp)
        painter.restore()
    painter.restore()


def _item(item: SheetItem) -> str:
    found = [f"<h3>{_text(tr('{n}. {title}').format(n=item.number, title=item.title))}</h3>"]
    if item.position is not None:
        found.append(f"<p><b>{_text(tr('Ý kiến: {position}').format(position=position_words(item.position)))}</b></p>")
    if item.words:
        found.append(f"<p>{_text(item.words)}</p>")
    if item.notes:
        found.append("<ul>" + "".join(_note(note) for note in item.notes) + "</ul>")
    return "".join(found)


def _note(note: SheetNote) -> str:
    place = tr("{title}, trang {n}").format(title=note.title, n=note.page + 1)
    said = " – ".join(filter(None, (f"“{note.quote}”" if note.quote else "", note.text)))
    return f"<li>{_text(place)}: {_text(said)}</li>"


def _text(words: str) -> str:
    return html.escape(words).replace("\n", "<br/>")
