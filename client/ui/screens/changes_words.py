# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sentences of the screen of changes."""

from __future__ import annotations

import html
from collections.abc import Sequence

from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, TextNote
from client.store.replaced import Replaced
from client.ui import words
from client.ui.i18n import tr
from client.ui.models.changes import page_list
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import Tone
from client.viewer.changes import Change, Summary
from client.viewer.compare import Kind
from client.viewer.refind import Doubt


def versions_note(found: Replaced) -> str:
    """Which versions are compared."""
    now = tr("Bản {n}").format(n=found.current.version)
    if found.base is None:
        return now
    before = tr("so với bản {n} đồng chí đã đọc") if found.base_read else tr("so với bản {n} (chưa đọc)")
    return words.joined((now, before.format(n=found.base.version)))


def summary_sentence(found: Summary) -> str:
    """``MỚI: tr 3, 7, 19`` and what was taken out."""
    parts = []
    if found.changes:
        parts.append(tr("MỚI: tr {pages}").format(pages=page_list(found.new_pages, most=12)))
    if found.removed_pages:
        parts.append(tr("đã bỏ tr {pages} của bản cũ").format(pages=page_list(found.removed_pages, most=12)))
    return words.joined(parts) or tr("Nội dung không thay đổi.")


def kind_chip(kind: Kind) -> tuple[str, Tone, str]:
    """Words, tone and icon for what happened to a passage."""
    return {
        Kind.ADDED: (tr("Thêm mới"), Tone.OK, "add"),
        Kind.REMOVED: (tr("Đã bỏ"), Tone.DANGER, "remove"),
        Kind.REWORDED: (tr("Sửa"), Tone.WARNING, "edit"),
        Kind.MOVED: (tr("Chuyển chỗ"), Tone.INFO, "forward"),
    }[kind]


def change_html(change: Change) -> str:
    """The words before, struck out, and after."""
    colours = tokens().colours
    before = f'<s style="color:{colours.danger.ink}">{html.escape(change.old_text)}</s>'
    after = f'<span style="color:{colours.ok.ink};font-weight:600">{html.escape(change.new_text)}</span>'
    if change.kind is Kind.MOVED:
        return html.escape(change.new_text)
    return " → ".join(text for text, there in ((before, change.old_text), (after, change.new_text)) if there)


def change_spoken(change: Change) -> str:
    """The same for a screen reader."""
    name = kind_chip(change.kind)[0]
    return ". ".join(filter(None, (name, change.old_text, change.new_text)))


def mark_name(mark: Annotation) -> str:
    """What a note is, with its words."""
    match mark:
        case Highlight(quote=quote):
            name = tr("Gạch chân") if mark.underline else tr("Tô sáng")
            return tr("{what}: “{text}”").format(what=name, text=_short(quote.text)) if quote is not None else name
        case TextNote(text=text):
            return tr("{what}: “{text}”").format(what=tr("Ghi chú"), text=_short(text))
        case InkStroke():
            return tr("Bút mực")
        case Bookmark(label=label):
            return (
                tr("{what}: “{text}”").format(what=tr("Đánh dấu trang"), text=label) if label else tr("Đánh dấu trang")
            )


def marks_name(marks: Sequence[Annotation]) -> str:
    """What several marks of a page are, in a word."""
    if len(marks) == 1:
        return mark_name(marks[0])
    if all(isinstance(mark, InkStroke) for mark in marks):
        return tr("{what} ({n} nét)").format(what=tr("Bút mực"), n=len(marks))
    return tr("{n} ghi chú").format(n=len(marks))


def doubt_sentence(doubt: str) -> str:
    """Why the member is asked."""
    sentences = {
        Doubt.GONE.value: tr("Không còn thấy đoạn này trong bản mới."),
        Doubt.CHANGED.value: tr("Đoạn này đã được viết lại trong bản mới."),
        Doubt.RESHAPED.value: tr("Dòng chữ dưới nét bút đã xuống dòng khác."),
        Doubt.NO_TEXT.value: tr("Trang không có chữ để đối chiếu."),
    }
    return sentences.get(doubt, tr("Chưa chắc chắn về vị trí."))


def _short(text: str, limit: int = 160) -> str:
    return text if len(text) <= limit else text[: limit - 2] + " …"
