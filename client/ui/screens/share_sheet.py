# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom to share with: people by name, those near the member first; says before what happens and what cannot be undone.

Nobody is chosen beforehand but those it is shared with already.
"""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from client.domain.ids import MemberId
from client.domain.people import Person
from client.domain.sharing import MAX_CHOSEN
from client.store.fold import fold
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.people_words import offered, shared_sentence
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.layouts import Part, ScrollColumn
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label
from client.ui.widgets.tick import Tick

_HEIGHT, _LEAST = 620, 160
"""Of the sheet as it opens, and of the list of people when the window is low, pixels at 100 %."""


class PersonBox(Tick):
    """One person."""

    def __init__(self, person: Person, *, chosen: bool) -> None:
        note = "" if person.reachable else tr("chưa có thiết bị: sẽ nhận khi có")
        super().__init__(f"{person.name} · {note}" if note else person.name, on=chosen)
        self.person = person


class ShareSheet(Sheet):
    """The picker.

    Attributes:
        chosen: Ids of the people, after the member agreed; none means one's own alone.

    Args:
        what: What is to be shared, in words.
        before: People it is shared with now.
        button: What agreeing is called.
    """

    chosen = Signal(object)

    def __init__(
        self, ctx: AppContext, parent: QWidget, *, what: str, before: Collection[MemberId] = (), button: str = ""
    ) -> None:
        super().__init__(tr("Chia sẻ với ai?"), parent)
        self._people = ctx.people()
        self._wanted = set(before)
        self._before = frozenset(before)
        self._near, self._others = offered(self._people, ctx.member.id)
        self.column.addWidget(Label(what, "strong"))
        self.column.addWidget(
            Label(
                tr(
                    "Chỉ những người được chọn đọc được, trên máy của họ; máy chủ không đọc được. Họ thấy tên đồng chí "
                    "và không sửa được."
                ),
                "note",
            )
        )
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Tìm theo tên"))
        self.search.setAccessibleName(tr("Tìm theo tên"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumHeight(tokens().measures.touch)
        self.search.textChanged.connect(self._draw)
        self.column.addWidget(self.search)
        self.list = ScrollColumn(edge=0)
        self.list.setMinimumHeight(_LEAST)
        self.column.addWidget(self.list, 1)
        self.said = Label("", "strong")
        self.column.addWidget(self.said)
        self.warning = Banner(tone=Tone.WARNING)
        self.column.addWidget(self.warning)
        self.add_button(tr("Để sau")).clicked.connect(self.reject)
        self.share_button = self.add_button(button or tr("Chia sẻ"), variant="primary", icon_name="share")
        self.share_button.clicked.connect(self._agree)
        self._draw()
        self._say()
        self.grow(tokens().measures.text(_HEIGHT))

    def suggest(self, people: Collection[MemberId]) -> None:
        """Tick these at first, as if the member had: those who had the same before."""
        self._wanted |= set(people)
        self._draw()
        self._say()

    def boxes(self) -> list[PersonBox]:
        """People in sight, in order."""
        return [box for box in self.list.findChildren(PersonBox) if not box.isHidden()]

    def _draw(self) -> None:
        wanted = fold(self.search.text().strip())
        parts = []
        groups = ((tr("Người giúp việc và người đồng chí giúp việc"), self._near), (tr("Mọi người"), self._others))
        for title, people in groups:
            found = [one for one in people if wanted in fold(one.name)]
            if found and self._near:
                parts.append(Part(title, title, lambda title=title: Label(title, "heading")))  # type: ignore[misc]
            parts += [Part(one.id, one.id in self._wanted, lambda one=one: self._box(one)) for one in found]  # type: ignore[misc]
        self.list.show_parts(parts or [Part("nobody", wanted, lambda: Label(tr("Không có ai như vậy."), "note"))])

    def _box(self, person: Person) -> PersonBox:
        box = PersonBox(person, chosen=person.id in self._wanted)
        box.toggled.connect(lambda on: self._choose(person.id, on=on))
        return box

    def _choose(self, member: MemberId, *, on: bool) -> None:
        (self._wanted.add if on else self._wanted.discard)(member)
        self._say()

    def _say(self) -> None:
        self.said.setText(shared_sentence(self._wanted, self._people))
        too_many = len(self._wanted) > MAX_CHOSEN
        warning = tr("Nhiều nhất {n} người.").format(n=MAX_CHOSEN) if too_many else ""
        if self._before - self._wanted and not warning:
            warning = tr(
                "Bản của người bị bỏ chọn được gỡ ở lần đồng bộ tới; những gì đã đọc, đã chép thì không thu lại được."
            )
        self.warning.set(warning)
        self.share_button.setEnabled(not too_many and self._wanted != self._before)

    def _agree(self) -> None:
        self.chosen.emit(tuple(sorted(self._wanted)))
        self.accept()
