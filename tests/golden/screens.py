# SPDX-License-Identifier: AGPL-3.0-or-later
"""How each screen looks, kept small: the windows at a third of their size, and how far two pictures are apart.

``python -m tests.golden.screens`` draws all pictures anew. Look at them before they are committed: the test can
only say that a screen looks different from before, not that it looks right.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "screens"
DIFFERENT: Final = Path(__file__).parent / "diff"
TOLERANCE: Final = 4.0
"""Root mean square difference of grey values, 0 to 255: a moved button is 6 and more, another rounding below 1."""
SHRINK: Final = 3

if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen:configfile=tests/screen.json"

from PySide6.QtCore import QEventLoop, QSize, Qt, QTimer  # noqa: E402 - the platform is chosen first
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from client.domain.ballot import PollState  # noqa: E402
from client.domain.ids import Moment  # noqa: E402
from client.domain.live import CurrentSpeaker, Presence, SessionPhase  # noqa: E402
from client.settings import Settings, Theme  # noqa: E402
from client.store import polls  # noqa: E402
from client.ui import navigator as places  # noqa: E402
from client.ui.application import put_in_force  # noqa: E402
from client.ui.main_window import MainWindow  # noqa: E402
from client.ui.screens.registry import factories  # noqa: E402
from client.ui.widgets.layouts import ScrollColumn  # noqa: E402
from tests.helpers.ballot_screen import Q_OPINION, conflict, open_session  # noqa: E402
from tests.helpers.live_screens import closing  # noqa: E402
from tests.helpers.live_world import ITEM2, ME, Q_SESSION, open_vote, put_room, roll, room  # noqa: E402
from tests.helpers.ui_world import REGULAR, UiWorld, make_world  # noqa: E402

LANDSCAPE, PORTRAIT = QSize(1368, 912), QSize(912, 1368)
SCREENS: Final[dict[str, places.Route]] = {
    "home": places.Home(),
    "meeting": places.Meeting(REGULAR),
    "papers": places.Papers(),
    "search": places.Search("dau tu"),
    "ballots": places.Ballots(),
    "outbox": places.Outbox(),
    "settings": places.Preferences(),
}


def _two_votes(world: UiWorld) -> places.Route:
    conflict(world)
    return places.Ballot(Q_OPINION)


def _roll_call(world: UiWorld) -> places.Route:
    open_session(world)
    called = room(phase=SessionPhase.ROLL_CALL, roll=roll(Presence.WILL_ATTEND), current=None, pages=None, speaker=None)
    put_room(world, called, version=2)
    return places.Meeting(REGULAR)


def _my_turn(world: UiWorld) -> places.Route:
    floor = CurrentSpeaker(ME, ITEM2, Moment("2026-11-27T01:29:30.000Z"), 300)
    put_room(world, room(speaker=floor, polls=(open_vote(),)), version=3)
    return places.Meeting(REGULAR)


def _put_away(world: UiWorld) -> places.Route:
    put_room(world, room(away=True, polls=()), version=4)
    return places.Meeting(REGULAR)


def _disputed(world: UiWorld) -> places.Route:
    put_room(world, room(phase=SessionPhase.CLOSED, current=None, pages=None, speaker=None), version=5)
    closing(world, PollState.RESULT_DISPUTED)
    world.write(lambda conn: polls.set_dispute(conn, Q_SESSION, "totals"))
    return places.Ballot(Q_SESSION)


SITUATIONS: Final[dict[str, Callable[[UiWorld], places.Route]]] = {
    "two_votes": _two_votes,
    "roll_call": _roll_call,
    "my_turn": _my_turn,
    "put_away": _put_away,
    "disputed": _disputed,
}
"""What a session brings, one after the other in the same world; drawn in the looks met most."""


@dataclass(frozen=True)
class Look:
    """One way the program can look."""

    size: QSize
    percent: int
    theme: Theme
    language: str

    @property
    def name(self) -> str:
        """For file names."""
        shape = "landscape" if self.size == LANDSCAPE else "portrait"
        return f"{shape}-{self.percent}-{self.theme.value}-{self.language}"


ALL: Final = tuple(
    Look(size, percent, theme, language)
    for size in (LANDSCAPE, PORTRAIT)
    for percent in (100, 125, 150)
    for theme in (Theme.LIGHT, Theme.DARK)
    for language in ("vi", "en")
)
_MET_MOST: Final = {
    "landscape-100-light-vi",
    "portrait-100-light-vi",
    "landscape-150-light-vi",
    "portrait-150-dark-en",
}
QUICK: Final = tuple(look for look in ALL if look.name in _MET_MOST)


def pictures(look: Look, folder: Path) -> Iterator[tuple[str, QImage]]:
    """Every screen in one look, drawn by the real windows over a real device.

    Args:
        look: Size, text, colours, language.
        folder: For the device.
    """
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    settings = Settings(text_percent=look.percent, theme=look.theme, language=look.language, welcomed=True)
    put_in_force(app, settings)
    world = make_world(folder, settings=settings)
    # The fingerprint is drawn from fresh keys; everything else in this world is the same each time.
    ctx = replace(world.ctx, member=replace(world.ctx.member, fingerprint="1234 5678 9012 3456 7890 1234"))
    window = MainWindow(world.bridge, world.tasks, factories())
    window.resize(look.size)
    window.show()
    window.show_workspace(ctx)
    try:
        for name, route in SCREENS.items():
            assert window.workspace is not None
            window.workspace.go(route)
            _settle(world, window)
            yield name, _small(window.grab().toImage())
        for name, happen in SITUATIONS.items() if look in QUICK else ():
            window.workspace.go(happen(world))
            _settle(world, window)
            yield name, _small(window.grab().toImage())
    finally:
        window.close()
        world.close()
        put_in_force(app, Settings())


def distance(left: QImage, right: QImage) -> float:
    """Root mean square difference of two grey pictures; 255 when their sizes differ."""
    if left.size() != right.size():
        return 255.0
    a, b = bytes(left.constBits()), bytes(right.constBits())
    return (sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) / len(a)) ** 0.5


def _small(image: QImage) -> QImage:
    size = QSize(image.width() // SHRINK, image.height() // SHRINK)
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth).convertToFormat(
        QImage.Format.Format_Grayscale8
    )


def _settle(world: UiWorld, window: MainWindow) -> None:
    quiet = 0
    while quiet < 5:  # nested layouts settle their heights in a few turns of the event loop
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()
        busy = world.tasks.running or any(column.busy for column in window.findChildren(ScrollColumn))
        quiet = 0 if busy else quiet + 1


def main() -> None:
    """Draw all pictures anew."""
    app = QApplication([])
    app.setStyle("Fusion")
    FOLDER.mkdir(exist_ok=True)
    for look in ALL:
        with tempfile.TemporaryDirectory() as folder:
            for name, picture in pictures(look, Path(folder) / "device"):
                picture.save(str(FOLDER / f"{name}-{look.name}.png"))
        print(look.name)


if __name__ == "__main__":
    sys.exit(main())
