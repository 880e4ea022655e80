# SPDX-License-Identifier: AGPL-3.0-or-later
"""How this machine is, in words for IT staff; and the bundle, which can be read before it is saved.

Nothing is sent anywhere. What a fact means is decided in ``client.diagnostics``; here it only gets its words.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from client import diagnostics
from client.diagnostics import Diagnosis, Finding, Part
from client.ui import formats
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.navigator import Diagnostics, Navigator
from client.ui.screen import Screen
from client.ui.screens import diagnostics_words as words
from client.ui.screens.diagnostics_bundle import BundleCard
from client.ui.tasks import Tasks
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import Part as ListPart
from client.ui.widgets.layouts import ScrollColumn, hbox, vbox
from client.ui.widgets.list_rows import Line
from client.ui.widgets.text import IconLabel, Label

_GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("service", ("server", "connection", "problem", "last_sync", "device", "device_active")),
    ("clock", ("wall_clock", "clock_offset_ms", "clock_error_ms")),
    ("stores", ("acts", "packs", "papers", "papers_bytes", "record_bytes", "free_bytes")),
    ("machine", ("keystore", "sandbox", "policy", "failures", "release")),
)


class DiagnosticsScreen(Screen[Diagnostics]):
    """Facts in groups, and the bundle under them."""

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("diagnostics_screen")
        self.setAccessibleName(tr("Chẩn đoán"))
        header = Header(tr("Chẩn đoán"), tr("Dành cho cán bộ kỹ thuật"), with_back=True)
        header.back.connect(navigator.back)
        self.again = Button(tr("Kiểm tra lại"), "sync")
        self.again.clicked.connect(self.refresh)
        header.row.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        self.list = ScrollColumn()
        self.bundle_card = BundleCard(self)
        self.bundle_card.wanted.connect(self.make_bundle)
        self.bundle_card.saving.connect(self.ask_where)
        vbox(header, self.list, spacing=0, parent=self)
        self._parts: tuple[Part, ...] = ()

    def refresh(self) -> None:
        """Look again; what is shown stays until the answer is here."""
        self.again.setEnabled(False)
        assert self.ctx.diagnostics is not None
        self.tasks.call(self.ctx.diagnostics.look, self._show, self._failed)

    def make_bundle(self) -> None:
        """Gather the bundle and show what is in it."""
        assert self.ctx.diagnostics is not None
        self.tasks.call(self.ctx.diagnostics.bundle, self._offer, self._failed)

    def ask_where(self) -> None:
        """Let the member choose where the bundle goes."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"ecabinet-chan-doan-{formats.file_stamp(self.ctx.clock.now())}.zip"
        dialog = QFileDialog(self, tr("Lưu gói chẩn đoán"), str(Path(folder) / name), "ZIP (*.zip)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen)))
        dialog.open()

    def save_to(self, target: Path) -> None:
        """Write the bundle that was shown, and nothing else."""
        parts = self._parts
        self.tasks.call(lambda: diagnostics.save(target, parts), lambda _none: self._saved(), self._failed)

    def _show(self, found: Diagnosis) -> None:
        self.again.setEnabled(True)
        groups = [
            ListPart(name, facts := tuple(found.of(key) for key in keys), _group(name, facts)) for name, keys in _GROUPS
        ]
        summary = ListPart("summary", found.remarkable, lambda: _summary(found.remarkable))
        version = ListPart("version", (found.version, found.platform), lambda: _version_card(found))
        self.list.show_parts([summary, *groups, version, ListPart("bundle", None, lambda: self.bundle_card)])

    def _offer(self, parts: tuple[Part, ...]) -> None:
        self._parts = parts
        self.bundle_card.show_parts(parts)

    def _saved(self) -> None:
        self.bundle_card.say(tr("Đã lưu gói chẩn đoán. Hãy đưa tệp này cho cán bộ kỹ thuật."), Tone.OK)

    def _failed(self, error: object) -> None:
        self.again.setEnabled(True)
        self.tasks.unexpected.emit(error)


class FactLine(QWidget):
    """Name at the left, value at the right; a warning sign, never colour alone, where somebody should look."""

    def __init__(self, fact: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.value = Label(words.label(fact.key), "note"), Label(words.value(fact))
        row = hbox(self.name, self.value, spacing=GAP * 2, parent=self)
        row.setContentsMargins(0, GAP // 2, 0, GAP // 2)
        row.setStretch(0, 2)
        row.setStretch(1, 3)
        if fact.attention:
            colour = tokens().colours.tone(Tone.WARNING).ink
            row.addWidget(IconLabel("warning", colour, says=tr("cần xem")))
        else:
            row.addSpacing(tokens().measures.icon + row.spacing())  # so that all values stand in one column


def _summary(remarkable: int) -> QWidget:
    if remarkable:
        return Banner(tr("{n} điểm cần xem, có dấu cảnh báo ở dưới.").format(n=remarkable), Tone.WARNING)
    return Banner(tr("Không có gì bất thường trên máy này."), Tone.OK)


def _group(name: str, facts: tuple[Finding, ...]) -> Callable[[], QWidget]:
    def build() -> QWidget:
        card = Card()
        card.column.addWidget(Label(words.group_title(name), "heading"))
        for index, fact in enumerate(facts):
            if index:
                card.column.addWidget(Line())
            card.column.addWidget(FactLine(fact))
        return card

    return build


def _version_card(found: Diagnosis) -> QWidget:
    card = Card()
    card.column.addWidget(Label(tr("Phiên bản"), "heading"))
    card.column.addWidget(Label(f"e-Cabinet {found.version}"))
    card.column.addWidget(Label(found.platform, "note"))
    return card
