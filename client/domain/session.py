# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions and their agenda as a pack's manifest carries them."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from client.domain.ids import ItemId, MemberId, Moment, PaperId, SessionId

Title = Annotated[str, Meta(max_length=600)]
LocalTime = Annotated[str, Meta(pattern=r"^[0-2][0-9]:[0-5][0-9]$")]
"""Wall-clock time in Việt Nam (UTC+7), ``08:10``."""


class SessionKind(Enum):
    """Kinds of session; ``opinion`` is a dossier sent between sessions with an opinion ballot."""

    REGULAR = "regular"
    THEMATIC = "thematic"
    URGENT = "urgent"
    OPINION = "opinion"


class AgendaItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One item of the agenda; the chair may differ per item (Decree 39/2022/NĐ-CP).

    Attributes:
        guests: Invited to this item, as they are to be announced; they speak and never vote. Left out of the bytes
            when nobody is, so that manifests sealed before it existed keep their form.
    """

    id: ItemId
    title: Title
    papers: tuple[PaperId, ...] = ()
    agency: Title = ""
    starts: LocalTime | None = None
    ends: LocalTime | None = None
    chair: MemberId | None = None
    guests: Annotated[tuple[Title, ...], Meta(max_length=100)] | UnsetType = UNSET

    @property
    def invited(self) -> tuple[str, ...]:
        """The guests, none where none are stated."""
        return () if isinstance(self.guests, UnsetType) else self.guests


class Session(Struct, frozen=True, forbid_unknown_fields=True):
    """A session or an opinion round and its agenda.

    Attributes:
        comments_until: Until when comments on its papers are asked for. Left out of the bytes where none is stated, as
            ``AgendaItem.guests`` are.
    """

    id: SessionId
    title: Title
    kind: SessionKind
    starts: Moment
    place: Title = ""
    agenda: tuple[AgendaItem, ...] = ()
    comments_until: Moment | UnsetType = UNSET

    @property
    def comments_due(self) -> Moment | None:
        """Until when comments are asked for; None where they are not."""
        return None if isinstance(self.comments_until, UnsetType) else self.comments_until
