# SPDX-License-Identifier: AGPL-3.0-or-later
"""The interpreter's own work keeps out of strokes, and objects of Qt die on the thread that made them."""

from __future__ import annotations

import gc
import platform
import sys
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.ui.pauses import YOUNG, Pauses, give_back


@pytest.fixture
def pauses(ui_app: QApplication) -> Iterator[Pauses]:
    interval = sys.getswitchinterval()
    made = Pauses(ui_app)
    yield made
    made.setParent(None)
    gc.unfreeze()
    sys.setswitchinterval(interval)


class Cycle(QObject):
    """Kept alive by itself alone, as a window is that its own handlers know."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self


def busy() -> None:
    """A worker thread that makes far more objects than the collector waits for."""
    for _ in range(20):
        kept: list[list[object]] = [[] for _ in range(YOUNG)]
        kept.append([kept])


def test_an_object_of_qt_dies_on_the_thread_that_made_it_however_busy_the_others_are(pauses: Pauses) -> None:
    died: list[int] = []
    doomed = Cycle()
    weakref.finalize(doomed, lambda: died.append(threading.get_ident()))
    del doomed
    worker = threading.Thread(target=busy)
    worker.start()
    worker.join()
    assert died == []
    assert pauses.collect_young()
    assert died == [threading.get_ident()]


def test_freed_memory_can_be_given_back_where_the_library_keeps_it(pauses: Pauses) -> None:
    assert give_back() is (platform.libc_ver()[0] == "glibc")
    assert pauses.collect()


def test_nothing_is_collected_while_a_first_screen_is_built(pauses: Pauses) -> None:
    def running() -> list[bool]:
        return [timer.isActive() for timer in pauses.findChildren(QTimer)]

    assert running() == [True, True]
    pauses.loaded()
    pauses.hold()
    assert running() == [False, False]
    pauses.settled()
    assert running() == [True, True]


def test_collections_wait_while_a_button_is_down(pauses: Pauses, qtbot: QtBot) -> None:
    field = QWidget()
    qtbot.addWidget(field)
    assert sys.getswitchinterval() < 0.001
    assert pauses.collect()
    assert not pauses.collect_young()
    many = [[object] for _ in range(2 * YOUNG)]
    QTest.mousePress(field, Qt.MouseButton.LeftButton)
    assert not pauses.collect()
    assert not pauses.collect_young()
    QTest.mouseRelease(field, Qt.MouseButton.LeftButton)
    assert pauses.collect_young()
    assert pauses.collect()
    assert len(many) == 2 * YOUNG


def test_what_stands_for_long_is_not_walked_again(pauses: Pauses) -> None:
    pauses.settled()
    assert gc.get_freeze_count() > 1_000
