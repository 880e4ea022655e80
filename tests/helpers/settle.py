# SPDX-License-Identifier: AGPL-3.0-or-later
"""The end of a history: the weather clears, everything is sent, every ballot closes; what must hold then.

- **R** every act of a tablet that may act has its answer.
- **D** each signed closing list is the votes that stand, counted anew from the service's database as a stranger reads
  it, and every tablet's own check ends in "verified".
- **L** what one tablet of a member drew is on the other, what one rubbed out is on neither.
- **N** nothing of a recalled paper is left on a tablet that heard of it; what was written is nowhere in the clear.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from client.crypto import dsse
from client.domain.ids import Hash
from client.domain.outbox import OutboxState
from client.store import papers
from server.config import DATABASE_FILE
from tests.helpers.history import CANARY, History
from tests.helpers.inprocess import Fate
from tests.helpers.scene import MEMBERS
from tests.helpers.tablet import Tablet

ENOUGH: Final = 6
"""Looks in fair weather after which everything must have come to rest."""
AT_REST: Final = frozenset({OutboxState.RECEIPTED, OutboxState.LATE, OutboxState.CONFLICT, OutboxState.WITHDRAWN})


def settle(history: History) -> list[str]:
    """Fair weather until everything rests, every poll closed and counted; what does not hold then."""
    history.fate = lambda *_: Fate.FINE
    for each in history.tablets:
        history.laid[each.device].clear()
        each.fuse = None
        history.come_back(each)
    history.clock.pass_s(3600)  # whatever Retry-After asked for is over
    history.service.tick()
    if history.room is not None:
        history.room.rest()
    found = _rest(history, [each for each in _alive(history) if _waiting(history, each)])
    for poll in history.polls:
        history.close(poll)
    history.pass_s(49 * 3600)  # what opens later has closed as well
    found += _rest(history, _alive(history))
    if history.sharing.named:  # what was told late is taken late
        found += _rest(history, [each for each in _alive(history) if each.member != MEMBERS[0]])
    found += history.breaches()
    ends = [history.sharing.final] if history.room is None else [history.sharing.final, history.room.final]
    found += [line for final in ends for line in final()]
    return found + [line for check in (_counted, _same_notes, _shredded, _hidden) for line in check(history)]


def _rest(history: History, tablets: list[Tablet]) -> list[str]:
    for _ in range(ENOUGH):
        tablets = [each for each in tablets if not _is_at_rest(history, each)]
        if not tablets:
            return []
    return [f"R no rest: {line}" for each in tablets for line in (*_waiting(history, each), history.trace[-2])]


def _is_at_rest(history: History, tablet: Tablet) -> bool:
    report = history.look(tablet)
    return report is not None and report.error is None and not _waiting(history, tablet)


def _alive(history: History) -> list[Tablet]:
    """Who may still act; those that share notes once more in the end, for what was told after their look."""
    found = [each for each in history.tablets if not each.revoked]
    return [*found, *[each for each in found if each.member == MEMBERS[0]][:-1]]


def _waiting(history: History, tablet: Tablet) -> list[str]:
    return [
        f"act {item.n} of {tablet.device} is {item.state.value} ({item.reason or 'no reason'})"
        for item in tablet.items()
        if item.state not in AT_REST
    ]


def _counted(history: History) -> Iterator[str]:
    """D: the signed lists are the votes that stand, by a count of our own, and every tablet agrees."""
    books = history.books()
    for poll in history.polls:
        with closing(sqlite3.connect(f"file:{history.folder / 'service' / DATABASE_FILE}?mode=ro", uri=True)) as conn:
            [(envelope,)] = conn.execute("SELECT closing FROM polls WHERE poll = ?", (poll.id,)).fetchall()
        listed = json.loads(dsse.open_(envelope, {history.office.receipt.id: history.office.receipt.sign}).payload)
        heads = {member: head for (where, member), head in books.heads.items() if where == poll.id}
        if {line["member"]: line["vote"] for line in listed["counted"]} != heads:
            yield f"D the closing list of {poll.id} is not the votes that stand"
        given = Counter(a["choice"] for head in heads.values() for a in books.statements[head].fields["answers"])
        if {choice: n for choice, n in listed["totals"]["q1"].items() if n} != dict(given):
            yield f"D the totals of {poll.id} are not the votes that stand"
        for each in history.tablets:
            told = each.shows()["polls"].get(poll.id)
            if not each.revoked and told != "result_verified":
                yield f"D {each.device} ends with {poll.id} {told}"


def _same_notes(history: History) -> Iterator[str]:
    """L: what one tablet drew is on both, what one rubbed out is on neither."""
    own = [each for each in history.tablets if each.member == MEMBERS[0]]
    if any(each.revoked for each in own):
        return
    wanted = sorted(set().union(*(history.made_notes[each.device] for each in own)) - history.gone_notes)
    for each in own:
        if each.notes() != wanted:
            yield f"L {each.device} shows notes {each.notes()}, not {wanted}"


def _shredded(history: History) -> Iterator[str]:
    """N: nothing of a recalled paper is on a tablet that heard of it."""
    if history.papers[1].recalled is None:
        return
    [blob] = [Hash(blob) for blob, name in history.blob_names().items() if name == "do_2"]
    for each in history.tablets:
        if not each.revoked and each.papers.read(lambda conn: papers.is_present(conn, blob)).result():
            yield f"N {each.device} still has the recalled paper"


def _hidden(history: History) -> Iterator[str]:
    """N: what was written is nowhere in the clear."""
    for path in sorted(history.folder.rglob("*")):
        if path.is_file() and CANARY.encode() in path.read_bytes():
            yield f"N a comment lies open in {path.name}"
