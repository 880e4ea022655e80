# SPDX-License-Identifier: AGPL-3.0-or-later
"""The room's terminal: a session as one frame, drawn again when something changed. Pure but for ``frames``.

A frame is plain text of a given size with a few ANSI attributes (bold, reverse); every line is cut to the width, so
that a long title can never push the quorum off the screen. What it shows is the verified state, nothing else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import structs

from client.clock import Millis, from_rfc3339, to_rfc3339
from client.domain.ids import Moment
from client.domain.live import Presence
from server.secretariat import show, show_room
from server.secretariat.console import Options
from server.secretariat.room import RoomView

CLEAR: Final = "\x1b[H\x1b[2J"
BOLD: Final = "\x1b[1m"
REVERSE: Final = "\x1b[7m"
PLAIN: Final = "\x1b[0m"
LEAST: Final = 40
"""Columns below which nothing useful fits."""


def frame(view: RoomView, options: Options, *, now: Millis, width: int, height: int) -> str:
    """One frame of at most ``height`` lines, each of at most ``width`` columns.

    Args:
        view: The verified state.
        options: For the language.
        now: For the clocks that run between two states.
        width: Columns of the terminal.
        height: Lines of the terminal.
    """
    width = max(width, LEAST)
    at = max(now, from_rfc3339(view.at))
    running = _as_of(view, at)
    lines = [*show_room.view(running, options), *_absent(running, options)]
    top = f"{options.say('Phiên họp', 'Session')} · {show.local(Moment(to_rfc3339(Millis(at))))}"
    foot = options.say("Ctrl+C: thoát. Phiên bản", "Ctrl+C: leave. Version") + f" {view.version}"
    body = [cut(line, width) for line in lines][: max(height - 2, 1)]
    quorum = view.room.present >= view.room.needed
    if len(body) > 1 and not quorum:
        body[1] = f"{REVERSE}{body[1]}{PLAIN}"
    return "\n".join([f"{BOLD}{cut(top, width)}{PLAIN}", *body, cut(foot, width)])


def frames(ask: Callable[[], RoomView], draw: Callable[[RoomView], str], wait: Callable[[], bool]) -> Iterator[str]:
    """Frames until ``wait`` says to stop; a frame equal to the one before is not drawn again.

    Args:
        ask: The state now.
        draw: A state as a frame.
        wait: Waits for the next look; False ends.
    """
    last = ""
    while True:
        drawn = draw(ask())
        if drawn != last:
            yield drawn
            last = drawn
        if not wait():
            return


def cut(text: str, width: int) -> str:
    """At most ``width`` columns of a line; combining marks take none."""
    text = unicodedata.normalize("NFC", text)
    columns = 0
    for place, char in enumerate(text):
        columns += unicodedata.combining(char) == 0
        if columns > width:
            return text[: place - 1] + "…"
    return text


def _as_of(view: RoomView, at: int) -> RoomView:
    return structs.replace(view, at=Moment(to_rfc3339(Millis(at))))


def _absent(view: RoomView, options: Options) -> Iterator[str]:
    """Who has not been seen yet, while it matters."""
    unseen = [entry for entry in view.room.roll if entry.presence in {Presence.UNKNOWN, Presence.WILL_ATTEND}]
    if unseen and len(unseen) < len(view.room.roll):
        names = ", ".join(view.members.get(entry.member, entry.member) for entry in unseen)
        yield options.say("Chưa điểm danh", "Not seen yet") + f" ({len(unseen)}): {names}"
