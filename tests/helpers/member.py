# SPDX-License-Identifier: AGPL-3.0-or-later
"""The scripted member: the real client without its windows, in this process or in one of its own.

In a process of its own it reads one JSON command per line and answers one JSON line each::

    python -m tests.helpers.member FOLDER
    {"do": "unlock"}
    {"do": "vote", "poll": "po_12", "answers": {"q1": "yes"}}

A test that kills that process kills the real client in the middle of its real work. Texts of papers and comments
travel in these lines only where a test needs them.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from client import profile as profiles
from client import wipe as wiping
from client.clock import to_rfc3339
from client.core import Core
from client.domain.annotation import InkStroke
from client.domain.ballot import Answer, VoteMode
from client.domain.comment import CommentDraft
from client.domain.ids import AnnotationId, ChoiceCode, MemberId, Moment, PackId, PaperId, PollId, QuestionId
from client.domain.outbox import standing
from client.domain.paper import PaperVersion
from client.domain.projection import ballot_view
from client.enrol import NewDevice
from client.errors import BadInput, EcabinetError
from client.paths import ProfilePaths
from client.protocol import codec
from client.protocol.messages import Root
from client.store import annotations as marks
from client.store import comments, outbox, packs, papers, polls, search, shares
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.surroundings import Surroundings, vault_of
from client.sync import crashpoints
from client.viewer.events import Event, PixelsReady, RequestFailed, TileRequest
from client.viewer.ink import InkPoint, pack_points
from tests.helpers.sealed import LIGHT, keystore_of

PIN = "271828"
WAIT_S = 60.0


class Member:
    """One member on one device.

    Args:
        folder: Everything of this device: ``profile/`` and ``keystore.sealed``.
    """

    def __init__(self, folder: Path, **around: Any) -> None:
        self.paths = ProfilePaths(folder / "profile")
        self._pixels: dict[str, PixelsReady | RequestFailed] = {}
        self._arrived = threading.Condition()
        self.around = Surroundings(keystore=keystore_of(folder), on_render=self._on_render, **around)
        self._core: Core | None = None
        self._rendering = False

    # -- life ----------------------------------------------------------------------------------------------

    def enrol(self, server_url: str, root: Root, ticket: str, pin: str = PIN) -> dict[str, str]:
        """Make keys, set the PIN, hand the ticket in; what the registrar needs to approve."""
        device = NewDevice(self.paths, self.around, root, server_url, params=LIGHT)
        device.set_pin(pin)
        profile = device.hand_in(ticket)
        device.close()
        return {"device": profile.device, "digits": device.fingerprint.digits24}

    def unlock(self, pin: str = PIN) -> dict[str, Any]:
        """Open the stores; what recovery found."""
        profile = profiles.load(self.paths.profile)
        assert profile is not None
        keys = vault_of(self.paths, self.around, profile.device, LIGHT).unlock(pin)
        self._keys = keys
        self._core = Core(self.paths, profile, keys, self.around)
        return dataclasses.asdict(self._core.recovery)

    def close(self) -> None:
        """End as a member does: by closing the window."""
        core, self._core = self._core, None
        self._rendering = False
        if core is not None:
            core.close()

    @property
    def core(self) -> Core:
        """The unlocked client."""
        assert self._core is not None, "unlock first"
        return self._core

    # -- reading -------------------------------------------------------------------------------------------

    def sync(self) -> dict[str, Any]:
        """One look at the service."""
        report = self.core.engine.run_once()
        return {"error": report.error.code if report.error else None, "reached": report.reached}

    def set_offline(self, offline: bool) -> None:
        """Work offline on purpose."""
        self.core.set_offline(offline)

    def wipe(self) -> dict[str, Any]:
        """Carry out the order to erase, as the windows do, and report; goes on from wherever a kill left it."""
        if self._core is not None:
            assert self.core.engine.status().wipe
            core, self._core = self._core, None
            wiping.obey(core, self._keys)
        wiping.carry_out(self.paths, self.around)
        return {"reported": wiping.send_report(self.paths, self.around).reported}

    def index(self) -> None:
        """Make everything present searchable."""
        self.core.indexer.start()
        assert self.core.indexer.wait_idle(WAIT_S)

    def packs(self) -> list[dict[str, Any]]:
        """Packs and the ids of their papers."""
        return [
            {"pack": r.pack, "rev": r.rev, "state": r.state.value, "papers": [p.id for p in r.papers]}
            for r in self._read(packs.current)
        ]

    def paper(self, wanted: str) -> tuple[PackId, PaperVersion]:
        """A paper of a readable revision, by id."""
        for revision in self._read(packs.current):
            for paper in revision.papers:
                if paper.id == wanted:
                    return revision.pack, paper
        raise BadInput(f"paper {wanted}")

    def open_paper(self, wanted: str, page: int = 0) -> dict[str, Any]:
        """Open a paper in the render process and draw one page."""
        _, paper = self.paper(wanted)
        blob, plain = paper.blob, paper.plain
        if blob is None or plain is None:
            raise BadInput("stub: on paper only")
        data = self.core.papers.read(lambda conn: papers.read(conn, blob, plain=plain)).result()
        if not self._rendering:
            self.core.start_rendering()
            self._rendering = True
        info = self.core.render.open_paper(wanted, data).result(WAIT_S)
        width, height = (max(1, round(side)) for side in info.pages[page])
        tile = TileRequest(doc=wanted, page=page, scale=1.0, x=0, y=0, width=width, height=height)
        drawn = self._draw(tile)
        return {"pages": len(info.pages), "drawn": [drawn.width, drawn.height], "ink": len(set(drawn.pixels))}

    def search(self, query: str) -> list[dict[str, Any]]:
        """Pages that match, best first."""
        hits = self.core.papers.read(lambda conn: search.search(conn, query)).result()
        return [{"plain": hit.plain, "page": hit.page, "exact": hit.exact} for hit in hits]

    # -- acting --------------------------------------------------------------------------------------------

    def annotate(self, wanted: str, page: int = 0, points: int = 24) -> str:
        """Draw one pen stroke with pressure; its id."""
        _, paper = self.paper(wanted)
        assert paper.plain is not None
        stroke = InkStroke(
            id=AnnotationId(f"a_{self.around.rng(8).hex()}"),
            paper=paper.id,
            plain=paper.plain,
            page=page,
            made=self._now(),
            colour="#B3261E",
            width=2.0,
            points=pack_points([InkPoint(100 + 5 * k, 200 + (k % 7), 0.5, 4) for k in range(points)]),
        )
        self.core.record.write(lambda conn: marks.add(conn, stroke)).result()
        return stroke.id

    def share(self, note: str, to: str) -> None:
        """Share one of this member's notes with another member."""
        self.core.record.write(lambda conn: shares.choose(conn, (AnnotationId(note),), (MemberId(to),))).result()

    def annotations(self, wanted: str) -> list[str]:
        """Ids of what is on a paper."""
        return [a.id for a in self._read(lambda conn: marks.of_paper(conn, PaperId(wanted)))]

    def comment(self, wanted: str, text: str, page: int | None = None) -> int:
        """Sign and save a comment; its number in the outbox."""
        pack, paper = self.paper(wanted)
        draft = CommentDraft(pack=pack, text=text, paper=paper.id, page=page)
        return self.core.acts.send_comment(draft).result(WAIT_S).n

    def vote(
        self, poll: str, answers: Mapping[str, str], *, notes: Mapping[str, str] | None = None, absent: str = ""
    ) -> int:
        """Sign and save a vote; its number in the outbox."""
        known = self._read(lambda conn: polls.get(conn, PollId(poll)))
        assert known is not None, "no such poll here"
        given = tuple(Answer(QuestionId(q), ChoiceCode(choice), (notes or {}).get(q)) for q, choice in answers.items())
        view = ballot_view(
            known,
            self._read(lambda conn: outbox.of_poll(conn, PollId(poll))),
            active=self.core.engine.status().active,
            now=self._now(),
        )
        if view.why_not is not None:
            raise BadInput(view.why_not.value)
        mode = VoteMode.ABSENT_APPROVED if absent else VoteMode.IN_ROOM
        future = self.core.acts.cast_vote(known, given, mode=mode, reason=absent or None, replaces=view.replaces)
        return future.result(WAIT_S).n

    def hand_out(self, n: int) -> int:
        """Act ``n`` as a file to be carried by hand; its length."""
        return len(self.core.engine.carrier.hand_out(n))

    def hold(self, pack: str, held: bool) -> None:
        """Stop fetching a pack, or go on."""
        downloads = self.core.engine.downloads
        (downloads.hold if held else downloads.let_go)(PackId(pack))

    # -- looking -------------------------------------------------------------------------------------------

    def polls(self) -> list[dict[str, Any]]:
        """Ballots and where they stand."""
        return [
            {"poll": p.id, "state": p.state.value, "eligible": p.eligible, "questions": [q.id for q in p.questions]}
            for p in self._read(polls.all)
        ]

    def status(self) -> dict[str, Any]:
        """Everything a screen could say, as JSON."""
        status = self.core.engine.status()
        items = self._read(outbox.items)
        return {
            "online": status.online.value,
            "pending": status.pending,
            "active": status.active,
            "suspended": status.suspended,
            "wipe": status.wipe,
            "lease": status.lease.state.value,
            "error": status.error.code if status.error else None,
            "outbox": [
                {
                    "n": i.n,
                    "kind": i.kind.value,
                    "state": i.state.value,
                    "says": standing(i).value,
                    "statement": i.statement,
                    "tries": i.tries,
                }
                for i in items
            ],
            "packs": self.packs(),
            "polls": self.polls(),
            "comments": len(self._read(comments.all)),
            "annotations": len(self._read(marks.all_live)),
        }

    # -- inside --------------------------------------------------------------------------------------------

    def _read(self, fn: Callable[[Connection], Any]) -> Any:
        return self.core.record.read(fn).result(WAIT_S)

    def _write(self, fn: Callable[[Connection], tuple[Any, ChangeSet]]) -> Any:
        return self.core.record.write(fn).result(WAIT_S)

    def _now(self) -> Moment:
        return Moment(to_rfc3339(self.around.clock.now()))

    def _on_render(self, event: Event) -> None:
        if isinstance(event, PixelsReady | RequestFailed):
            with self._arrived:
                self._pixels[event.request.doc] = event
                self._arrived.notify_all()

    def _draw(self, tile: TileRequest) -> PixelsReady:
        with self._arrived:
            self._pixels.pop(tile.doc, None)
        self.core.render.request(tile)
        with self._arrived:
            assert self._arrived.wait_for(lambda: tile.doc in self._pixels, WAIT_S), "no pixels came"
            event = self._pixels.pop(tile.doc)
        if isinstance(event, RequestFailed):
            raise event.error
        return event


READING = ("unlock", "sync", "set_offline", "index", "packs", "polls", "status", "open_paper", "search")
ACTING = ("annotate", "annotations", "comment", "vote", "wipe", "share", "hand_out", "hold")
COMMANDS = frozenset((*READING, *ACTING))


def main(argv: list[str]) -> int:
    """Serve commands from standard input until it ends."""
    member = Member(Path(argv[0]))
    if point := os.environ.get("ECABINET_CRASH_AT"):
        crashpoints.install(lambda name: os.kill(os.getpid(), 9) if name == point else None)
    for line in sys.stdin:
        command = json.loads(line)
        name = command.pop("do")
        try:
            if name == "enrol":
                command["root"] = codec.decode(command["root"].encode(), Root, limit=codec.MAX_SMALL)
                answer: Any = member.enrol(**command)
            elif name in COMMANDS:
                answer = getattr(member, name)(**command)
            else:
                raise BadInput(name)
            reply: dict[str, Any] = {"ok": answer}
        except EcabinetError as error:
            reply = {"error": error.code, "detail": error.detail}
        print(msgspec.json.encode(reply).decode(), flush=True)
    member.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
