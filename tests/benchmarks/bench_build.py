# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long the windows' thread works at a stretch while a long meeting and a long ballot are built for the first time.

A turn is one round of the event loop: what is posted, timers, sockets; what a hand does is looked at between turns.
Judged by the processor time of this thread, so that what others do on the machine does not count. The floor is the same
window while nothing is built. Run ``python -m tests.benchmarks.bench_build`` from the project root; prints one JSON
object.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen:configfile=tests/screen.json")

from msgspec import structs
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from client.domain.ballot import OpenIssue, Question
from client.domain.ids import ItemId, Moment, PackId, PollId, QuestionId, SessionId
from client.domain.pack import PackRevision
from client.domain.session import AgendaItem, Session, SessionKind
from client.settings import Settings
from client.store import packs, polls
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.main_window import MainWindow
from client.ui.screens.ballot import BallotScreen
from client.ui.screens.registry import factories
from client.ui.screens.session import SessionScreen
from client.ui.widgets.layouts import ScrollColumn
from tests.helpers.ui_world import CHOICES, UiWorld, make_world, paper, poll, revision

ITEMS, PAPERS, QUESTIONS = 40, 30, 20
LONG, DOSSIER, LONG_BALLOT = PackId("p_long"), PackId("p_dossier"), PollId("q_long")
REACH_MS = 16
IDLE_TURNS = 200
LONGEST_S = 300.0


class Turns:
    """Runs the event loop turn by turn and keeps what each cost."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._pulse = QTimer()
        self._pulse.setInterval(2)
        self._pulse.start()

    def run(self, over: Callable[[], bool]) -> dict[str, float]:
        """Until ``over``; processor milliseconds of the turns."""
        costs: list[float] = []
        began = time.monotonic()
        while not over() or len(costs) < 2:
            before = time.thread_time()
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            costs.append(1000 * (time.thread_time() - before))
            assert time.monotonic() - began < LONGEST_S, "never built"
        long = [cost for cost in costs if cost > REACH_MS]
        return {
            "turns": len(costs),
            "p50_ms": round(statistics.median(costs), 2),
            "max_ms": round(max(costs), 1),
            "over_16_ms": len(long),
            "all_ms": round(sum(costs)),
        }


def long_pack(pack: PackId, kind: SessionKind, items: int) -> PackRevision:
    """So many items with thirty papers each; invented."""
    papers = {
        n: tuple(paper(f"{pack[2:]}{n:02d}{k:02d}", f"Tài liệu {n}.{k} (giả định)", pages=9) for k in range(PAPERS))
        for n in range(items)
    }
    agenda = tuple(
        AgendaItem(ItemId(f"it{n:04d}"), f"Nội dung {n + 1} (giả định)", tuple(p.id for p in own), "Bộ Tư pháp")
        for n, own in papers.items()
    )
    starts = Moment("2026-12-03T01:00:00.000Z")
    session = Session(SessionId(f"s_{pack[2:]}"), "Phiên họp dài (dữ liệu giả định)", kind, starts, "", agenda)
    return revision(pack, session, tuple(each for own in papers.values() for each in own))


def fill(world: UiWorld) -> None:
    """The long meeting and an opinion ballot of twenty questions."""
    world.write(lambda conn: packs.upsert(conn, long_pack(LONG, SessionKind.THEMATIC, ITEMS)))
    world.write(lambda conn: packs.upsert(conn, long_pack(DOSSIER, SessionKind.OPINION, 1)))
    asked = tuple(
        Question(QuestionId(f"q{n}"), f"Đồng chí có đồng ý với nội dung thứ {n + 1}? (dữ liệu giả định)", CHOICES)
        for n in range(QUESTIONS)
    )
    issues = tuple(OpenIssue(f"Vấn đề {n} (dữ liệu giả định)", ("Phương án 1", "Phương án 2")) for n in range(10))
    made = poll(LONG_BALLOT, DOSSIER, "Phiếu dài (dữ liệu giả định)", issues=issues)
    world.write(lambda conn: polls.save(conn, structs.replace(made, questions=asked)))


def main() -> None:
    """Home, the long meeting, home again, the meeting anew, the long ballot."""
    app = QApplication([])
    app.setStyle("Fusion")
    put_in_force(app, Settings(welcomed=True))
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder))
        fill(world)
        window = MainWindow(world.bridge, world.tasks, factories())
        window.show()
        window.show_workspace(world.ctx)
        space, turns = window.workspace, Turns(app)
        assert space is not None

        def built(kind: type) -> bool:
            screen = space.stack.currentWidget()
            columns = screen.findChildren(ScrollColumn)
            there = isinstance(screen, kind) and any(column.parts for column in columns)
            return there and world.tasks.running == 0 and not any(column.busy for column in columns)

        found = {"home": turns.run(lambda: built(type(space.screen_of(places.Home))))}
        left = [IDLE_TURNS]

        def idle() -> bool:
            left[0] -= 1
            return left[0] < 0

        found["floor"] = turns.run(idle)
        space.go(places.Meeting(LONG))
        found["meeting"] = turns.run(lambda: built(SessionScreen))
        found["after_meeting"] = turns.run(lambda: settled(left))
        space.go(places.Ballot(LONG_BALLOT))
        found["ballot"] = turns.run(lambda: built(BallotScreen))
        found["after_ballot"] = turns.run(lambda: settled(left))
        window.close()
        world.close()
    made = {"items": ITEMS, "papers": ITEMS * PAPERS, "questions": QUESTIONS, "reach_ms": REACH_MS}
    ran_on = {"machine": platform.machine(), "python": platform.python_version(), "cores": os.cpu_count()}
    print(json.dumps({"benchmark": "build", **made, **found, "ran_on": ran_on}))


def settled(left: list[int]) -> bool:
    """Some turns more: layouts settle and paint after the last part."""
    left[0] = IDLE_TURNS // 2 if left[0] < 0 else left[0] - 1
    if left[0] == 0:
        left[0] = -1
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
