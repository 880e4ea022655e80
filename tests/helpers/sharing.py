# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes shared with named people, within a history: who may see what, and from which look on.

- **N** nobody has a note in hand that was never shared with them, and no batch at the service is sealed to a device of
  anybody but its author and its reader; what was withdrawn is gone after the reader's next look.
- **L** what is shared is there after the reader's next look.

A note is shared from the tablet that drew it, so that the last choice is one choice. A look counts as such when
nothing was spoilt in it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Final

from client.domain.ids import AnnotationId, MemberId
from client.store import received, shares
from server.config import DATABASE_FILE
from tests.helpers.invariants import payload_of
from tests.helpers.scene import MEMBERS, THIRD
from tests.helpers.tablet import Tablet

if TYPE_CHECKING:
    from tests.helpers.history import History

READERS: Final = ((), (MEMBERS[1],), (THIRD,), (MEMBERS[1], THIRD))
Pair = tuple[str, MemberId]


class Sharing:
    """What the authors of a history chose, and how far it must have come.

    Args:
        history: Whose tablets.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self.named: defaultdict[str, set[MemberId]] = defaultdict(set)
        self.wanted: dict[Pair, bool] = {}
        self.told: set[Pair] = set()
        self.loose: set[str] = set()
        self.found: list[str] = []

    def share(self, tablet: Tablet, pick: int, readers: tuple[MemberId, ...]) -> str:
        """One note drawn on this tablet is for exactly these from now on."""
        mine = sorted(self.history.made_notes[tablet.device] - self.history.gone_notes)
        if not mine:
            return "nothing to share"
        name, readers = mine[pick % len(mine)], tuple(each for each in readers if each != tablet.member)
        tablet.record.write(lambda conn: shares.choose(conn, (AnnotationId(name),), readers)).result()
        self.named[name] |= set(readers)
        for member in self.named[name]:
            self._choose((name, member), member in readers)
        return f"{name} with {', '.join(readers) or 'nobody'}"

    def rubbed_out(self, tablet: Tablet, name: str) -> None:
        """A deletion withdraws; one on another tablet has to reach the sharing one first."""
        if name not in self.history.made_notes[tablet.device]:
            self.loose.add(name)
        for pair in [pair for pair in self.wanted if pair[0] == name]:
            self._choose(pair, False)

    def looked(self, tablet: Tablet) -> None:
        """Somebody looked and nothing was in the way."""
        have = self._has(tablet)
        self.found += self._unnamed(tablet, have)
        for pair, wanted in self.wanted.items():
            name, member = pair
            if name in self.loose:
                continue
            if name in self.history.made_notes[tablet.device]:
                self.told.add(pair)
            elif member == tablet.member and pair in self.told and not self._author(name).revoked:
                self.found += self._differs(tablet, name, wanted=wanted, there=name in have)

    def final(self) -> Iterator[str]:
        """When everything is at rest."""
        yield from self.found
        for each in self.history.tablets:
            if each.revoked:
                continue
            have = self._has(each)
            yield from self._unnamed(each, have)
            for (name, member), wanted in self.wanted.items():
                if member == each.member and not self._author(name).revoked:
                    yield from self._differs(each, name, wanted=wanted, there=name in have)
        yield from self._sealed_to_others()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _choose(self, pair: Pair, wanted: bool) -> None:
        if self.wanted.get(pair) is not wanted:
            self.wanted[pair] = wanted
            self.told.discard(pair)

    def _author(self, name: str) -> Tablet:
        return next(each for each in self.history.tablets if name in self.history.made_notes[each.device])

    @staticmethod
    def _has(tablet: Tablet) -> set[str]:
        return {str(one.body.id) for one in tablet.record.read(received.all_live).result()}

    def _unnamed(self, tablet: Tablet, have: set[str]) -> list[str]:
        return [
            f"N {tablet.device} has note {name}, which nobody shared with {tablet.member}"
            for name in sorted(have)
            if tablet.member not in self.named[name]
        ]

    @staticmethod
    def _differs(tablet: Tablet, name: str, *, wanted: bool, there: bool) -> list[str]:
        if wanted is there:
            return []
        return [
            f"L note {name} was shared with {tablet.member} and is not on {tablet.device}"
            if wanted
            else f"N note {name} was withdrawn and is still on {tablet.device}"
        ]

    def _sealed_to_others(self) -> Iterator[str]:
        """What lies at the service opens for nobody else, whatever a tablet shows."""
        owner = {each.id: each.member for each in self.history.office.directory.devices}
        path = self.history.folder / "service" / DATABASE_FILE
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
            rows = conn.execute("SELECT device, reader, n, batch FROM shared ORDER BY device, reader, n").fetchall()
        for device, reader, n, batch in rows:
            opens = {key["device"] for key in json.loads(payload_of(batch))["keys"]}
            for other in sorted(opens):
                if owner[other] not in {owner[device], reader}:
                    yield f"N batch {n} of {device} for {reader} opens on {other}"
