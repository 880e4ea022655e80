# SPDX-License-Identifier: AGPL-3.0-or-later
"""A live session within a history: the secretary's commands, the vote in the room, members' acts, the event stream.

- **L** a tablet that heard every hint, or came back with ``Last-Event-ID`` after it lost the line, shows the room as
  the service has it, to the last figure; so do all of them in the end.
- **S** the state of a session never goes back.
- **N** nobody waits for the floor who did not ask for it, and nobody waits twice.

Hints arrive through the service's real stream and the client's real listener; only the thread around it is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import httpx

from client.crypto import dsse
from client.domain import live as acts
from client.domain.ballot import WhyNot
from client.domain.ids import ItemId, MemberId
from client.domain.live import LiveSession, PagePointer, Presence, SessionAct, SessionDraft
from client.domain.live_view import room_says
from client.errors import EcabinetError
from client.protocol import codec, http
from client.protocol import live_commands as do
from client.protocol.messages import SessionState
from client.store import live as rooms
from client.sync.live import Live
from tests.helpers.scene import ITEM, LIVE_POLL, MEMBERS, PACK, SESSION, THIRD
from tests.helpers.tablet import Tablet

if TYPE_CHECKING:
    from tests.helpers.history import History

EVERYBODY: Final = (*MEMBERS, THIRD)


def _mark(member: MemberId, presence: Presence) -> do.MarkPresence:
    return do.MarkPresence((do.PresenceMark(member, presence),))


ORDERS: Final[Mapping[str, do.SessionCommand]] = {
    "calls the roll": do.CallRoll(),
    **{f"sees {member}": _mark(member, Presence.PRESENT) for member in EVERYBODY},
    f"sees {THIRD} leave": _mark(THIRD, Presence.LEFT),
    f"sees {MEMBERS[1]} leave": _mark(MEMBERS[1], Presence.LEFT),
    "confirms": do.ConfirmCheckIns(),
    "begins": do.BeginSession(),
    "pauses": do.PauseSession(),
    "takes up the item": do.GoToItem(ItemId(ITEM)),
    "shows page 1": do.ShowPage(PagePointer(acts.PaperId("do_1"), 0)),
    "shows nothing": do.ShowPage(None),
    "calls the next speaker": do.CallSpeaker(allotted_s=180),
    "ends the speech": do.EndSpeech(),
    "has devices put away": do.PutAway(away=True),
    "has devices taken out": do.PutAway(away=False),
}
OPENS, CLOSES = "opens the vote", "closes the vote"
READY: Final = (
    "calls the roll",
    *(f"sees {member}" for member in EVERYBODY),
    "begins",
    "has devices taken out",
    "takes up the item",
)
"""Brings a session, wherever it stands, to where a vote can be held."""
ACTS: Final[Mapping[str, SessionAct]] = {
    "checks in": acts.CheckIn(),
    "asks to speak": acts.RequestToSpeak(ItemId(ITEM)),
    "asks no more": acts.WithdrawRequest(ItemId(ITEM)),
    "does not object": acts.TakePosition(ItemId(ITEM), acts.Position.NO_OBJECTION),
    "wishes to speak": acts.TakePosition(ItemId(ITEM), acts.Position.WISH_TO_SPEAK),
}


class Room:
    """The session of a history.

    Args:
        history: On a scene with a room.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self.asked: set[MemberId] = set()
        self.found: list[str] = []
        self._lines: dict[str, tuple[Live, list[str], object]] = {}
        self._versions: dict[str, int] = {}
        self._here: dict[str, str] = {}

    # -- the secretary -----------------------------------------------------------------------------------------------

    def order(self, what: str) -> bool:
        """One command, or the vote opened or closed; whether the service took it."""
        office, [wording] = self.history.office, [each for each in self.history.polls if each.id == LIVE_POLL]
        if what == OPENS:
            path, body = http.PATH_POLL_OPEN.format(poll=LIVE_POLL), codec.encode(http.OpenRequest(wording.definition))
        elif what == CLOSES:
            path, body = (
                http.PATH_POLL_CLOSE.format(poll=LIVE_POLL),
                codec.encode(http.CloseRequest(wording.definition)),
            )
        else:
            path = http.PATH_SESSION_ORDER.format(session=SESSION)
            body = codec.encode(http.SessionOrder(self.history.plan, ORDERS[what]))
        answer = office.ask(path, body, method="POST")
        self.history.say(f"the secretary {what}: {_told(answer)}")
        return answer.is_success

    # -- members -------------------------------------------------------------------------------------------------------

    def act(self, tablet: Tablet, what: str) -> str:
        """One act, saved like a vote."""
        draft = SessionDraft(SESSION, PACK, ACTS[what])
        item = tablet.acts.act_in_session(draft).result()
        if what in {"asks to speak", "wishes to speak"}:
            self.asked.add(tablet.member)
        if not tablet.net.dead:
            tablet.diary.told(item.n)
        return f"saved {item.n}"

    def says(self, tablet: Tablet, poll: str) -> WhyNot | None:
        """What the room has against a vote, as the ballot's screen asks it."""
        if poll != LIVE_POLL:
            return None
        return room_says(self.kept(tablet), tablet.poll(poll), tablet.member, now=tablet.time.moment())

    def hear(self, tablet: Tablet) -> None:
        """Read the stream as far as there is something to read, and look if it said so, as the engine does."""
        line, poked, service = self._line(tablet)
        hub = self.history.service.service.hub
        self.history.clock.pass_s(1)  # what a busy session held back has left
        self.history.spoilt.discard(tablet.device)
        try:
            line._listen()
        except EcabinetError as error:
            poked.append(f"lost ({error.code})")
        whole = tablet.device not in self.history.spoilt and not any(each.startswith("lost") for each in poked)
        self.history.say(f"{tablet.device} hears {', '.join(poked) or 'nothing'}")
        if not whole or service is not self.history.service.service:
            self.lose(tablet)
            return
        if not line._last_id:  # an open line goes on from where it is, though it has not brought a hint yet
            line._last_id = self._here[tablet.device] = str(hub._last)
        clean = True
        if poked:
            poked.clear()
            clean = self.history.look_clean(tablet)
        if clean and tablet.device in self._lines and not tablet.revoked:
            self.found += self._differs(tablet)

    def lose(self, tablet: Tablet) -> None:
        """The line is lost; the next hearing opens another, from after the last hint that was heard."""
        if tablet.device in self._lines:
            line, poked, _ = self._lines[tablet.device]
            line._failures += 1  # as its thread does
            if line._last_id == self._here.pop(tablet.device, None):
                line._last_id = ""  # no hint was heard
            poked.clear()
            self._lines[tablet.device] = line, poked, self.history.service.service
        self.history.say(f"{tablet.device} has lost the line")

    def ended(self, tablet: Tablet) -> None:
        """Its process is another one."""
        self._lines.pop(tablet.device, None)
        self._here.pop(tablet.device, None)

    # -- what must hold ----------------------------------------------------------------------------------------------

    def kept(self, tablet: Tablet) -> LiveSession | None:
        """The session as the tablet shows it."""
        return tablet.record.read(lambda conn: rooms.get(conn, SESSION)).result()

    def here(self) -> acts.Room:
        """The session as the service tells it."""
        answer = self.history.office.ask(http.PATH_SESSION.format(session=SESSION), b"", method="GET")
        told = codec.decode(answer.content, http.SessionAnswer, limit=4 * codec.MAX_SESSION)
        opened = dsse.open_(told.state, {self.history.office.receipt.id: self.history.office.receipt.sign})
        return codec.decode(opened.payload, SessionState, limit=codec.MAX_SESSION).room

    def looked(self, tablet: Tablet) -> None:
        """S: of whatever it kept before."""
        kept = self.kept(tablet)
        if kept is not None:
            if kept.version < self._versions.get(tablet.device, 0):
                self.found.append(f"S the session went back on {tablet.device}")
            self._versions[tablet.device] = kept.version

    def rest(self) -> None:
        """Everybody is in the room, and the vote is open if it can be."""
        for what in (*READY, OPENS):
            self.order(what)

    def final(self) -> Iterator[str]:
        """When everything is at rest: every tablet shows the room as it is."""
        yield from self.found
        queue = [each.member for each in self.here().queue]
        if len(set(queue)) != len(queue) or not set(queue) <= self.asked:
            yield f"N {queue} wait for the floor, {sorted(self.asked)} asked for it"
        for each in self.history.tablets:
            if not each.revoked:
                yield from self._differs(each)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _line(self, tablet: Tablet) -> tuple[Live, list[str], object]:
        if tablet.device not in self._lines:
            poked = ["opened"]  # the engine looks when it starts
            line = Live(tablet.new_transport(), poke=poked.append, rng=tablet.rng)
            self._lines[tablet.device] = line, poked, self.history.service.service
        return self._lines[tablet.device]

    def _differs(self, tablet: Tablet) -> Iterator[str]:
        kept, here = self.kept(tablet), self.here()
        if kept is None or kept.room != here:
            yield f"L {tablet.device} shows another room than there is: {None if kept is None else kept.room} / {here}"


def _told(answer: httpx.Response) -> str:
    return "done" if answer.is_success else str(answer.json()["type"]).removeprefix(http.PROBLEM_PREFIX)
