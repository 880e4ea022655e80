# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tour's walk through the reader: each way of looking at pages, each tool with its choices."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QDialog

from client.domain.annotation import InkStroke
from client.ui.screens.reader import ReaderScreen
from client.viewer.document_state import Fit, Mode, Tool
from client.viewer.view.scene import Selection


def walk_reader(reader: ReaderScreen, shoot: Callable[[str], None]) -> None:
    """Shoot every mode and tool of an open reader with marks on its page; the reader is left as it was found.

    Args:
        reader: Shows a page with ink.
        shoot: Waits until the program has settled and writes what the window shows under a name.
    """
    _tools(reader, shoot)
    _looks(reader, shoot)


def _tools(reader: ReaderScreen, shoot: Callable[[str], None]) -> None:
    tools = reader.tools
    for tool, name in ((Tool.PEN, "04-reader-pens"), (Tool.HIGHLIGHT, "04-reader-highlighters")):
        tools.buttons[tool].click()
        tools.buttons[tool].click()
        shoot(name)
        reader.picker.hide()
    tools.buttons[Tool.LASSO].click()
    strokes = tuple(mark for mark in reader.marking.present if isinstance(mark, InkStroke))
    if strokes:
        page = strokes[-1].page
        reader.canvas.select(Selection(page, tuple(one for one in strokes if one.page == page)[-1:]))
        shoot("04-reader-lasso")
        reader.canvas.select(None)
    tools.buttons[Tool.HAND].click()


def _looks(reader: ReaderScreen, shoot: Callable[[str], None]) -> None:
    looks, page = reader.looks, reader.canvas.page
    reader.header.looks_button.click()
    shoot("04-reader-looks")
    reader.bars.hide()
    looks.modes[Mode.FACING].click()
    reader.canvas.set_fit(Fit.PAGE)
    shoot("04-reader-two-pages")
    looks.modes[Mode.SINGLE].click()
    looks.sepia_button.click()
    shoot("04-reader-single-sepia")
    looks.sepia_button.click()
    looks.modes[Mode.CONTINUOUS].click()
    looks.crop_button.click()
    shoot("04-reader-cropped")
    reader.canvas.set_fit(Fit.WIDTH)
    looks.split_button.click()
    shoot("04-reader-split")
    looks.split_button.click()
    looks.large_button.click()
    shoot("04-reader-large-text")
    looks.large_button.click()
    reader.canvas.go_to_page(page)


def walk_sharing(reader: ReaderScreen, shoot: Callable[[str], None]) -> None:
    """Shoot what the aide shared, once it is on the page, and how strokes are shared; nothing is shared by it."""
    guests = [one.mark for page in reader.canvas.scene.guests.marks.values() for one in page]
    if guests:
        reader.guests.open(guests[0])
        shoot("10-shared-note")
        _put_away()
    reader.choosing.choose_all()
    shoot("10-strokes-chosen")
    reader.selection.share_button.click()
    shoot("10-share-with-whom")
    _put_away()
    reader.canvas.select(None)


def _put_away() -> None:
    sheet = QApplication.activeModalWidget()
    if isinstance(sheet, QDialog):
        sheet.reject()
