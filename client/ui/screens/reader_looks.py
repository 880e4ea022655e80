# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the reader begins with: colours and words for the page view, the first place, and what stands in for a page."""

from __future__ import annotations

from collections.abc import Callable

from client.errors import EcabinetError
from client.ui import formats
from client.ui.context import AppContext
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.screens.reader_loading import Found, Refusal
from client.ui.screens.reader_view import KeptView
from client.ui.theme.apply import tokens
from client.ui.theme.fonts import FAMILY
from client.ui.widgets.empty_state import EmptyState
from client.viewer.document_state import Fit, Mode, Place, ReadingState, Tool
from client.viewer.events import PaperInfo
from client.viewer.view.style import CanvasStyle, CanvasWords


def canvas_style() -> CanvasStyle:
    """Colours from the tokens in force."""
    t = tokens()
    return CanvasStyle(desk=t.colours.desk, accent=t.colours.primary, family=FAMILY, text_px=t.measures.body)


def canvas_words(ctx: AppContext) -> CanvasWords:
    """Words in the language in force; the watermark names member, device and minute unless policy wants none."""
    member, now = ctx.member, ctx.clock.now()
    signed = (member.name or member.id, member.device_name or member.device, formats.short_moment(now))
    return CanvasWords(
        page=lambda page, count: tr("Trang {n} / {count}").format(n=page, count=count),
        failed=lambda error: f"{error_title(error)}. {error_next_step(error)}",
        watermark=" · ".join(signed) if ctx.policy.watermark else "",
    )


def first_state(
    found: Found, info: PaperInfo, *, page: int | None, night: bool, tool: Tool, kept: KeptView
) -> ReadingState:
    """Where and how reading begins: the page asked for, else where the paper was left, else its beginning.

    A paper that was read before is turned, fitted and laid out as it was then; one that was not, as the last one.
    """
    left, count = found.position, len(info.pages)
    if page is not None:
        place = Place(min(page, count - 1))
    elif left is not None:
        place = Place(min(left.page, count - 1), 0.0, left.offset)
    else:
        place = Place()
    wanted = left.view.fit if left is not None and left.view.fit else found.fit
    fit = Fit(wanted) if wanted in set(Fit) else Fit.WIDTH
    if left is None and fit is Fit.FREE:
        fit = Fit.WIDTH
    mode = Mode(left.view.mode) if left is not None and left.view.mode in set(Mode) else kept.mode
    state = ReadingState(
        doc=info.doc,
        page_count=count,
        place=place,
        scale=left.scale if left is not None else 1.0,
        fit=fit,
        rotation=left.view.rotation if left is not None else 0,
        mode=mode,
        tool=tool,
    )
    return state.with_night(night=night, sepia=kept.sepia)


def opening_message() -> EmptyState:
    """While the paper is being opened."""
    return EmptyState("document", tr("Đang mở tài liệu…"), "")


def refusal_words(refusal: Refusal) -> str:
    """Why there is nothing to open, in one line."""
    match refusal:
        case Refusal.STUB:
            return tr("Tài liệu mật – nhận bản giấy")
        case Refusal.RECALLED:
            return tr("Tài liệu đã được thu hồi")
        case Refusal.ENDED:
            return tr("Đã hết thời hạn đọc tài liệu")
        case _:
            return tr("Tài liệu chưa có trên máy này")


def refusal_message(refusal: Refusal) -> EmptyState:
    """Why there is nothing to open, where fetching does not change it (else ``reader_arrival``)."""
    title = refusal_words(refusal)
    if refusal is Refusal.STUB:
        return EmptyState("secret", title, tr("Tài liệu có độ mật không được đưa lên hệ thống này."))
    return EmptyState("remove", title, tr("Nội dung đã được xóa khỏi máy này. Ghi chú của đồng chí vẫn còn."))


def fault_message(error: EcabinetError, again: Callable[[], object]) -> EmptyState:
    """What is wrong with the paper and what to do."""
    made = EmptyState("error", error_title(error), error_next_step(error), tr("Thử lại"))
    assert made.button is not None
    made.button.clicked.connect(again)
    return made
