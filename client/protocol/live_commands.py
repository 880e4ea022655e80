# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the chair or the secretariat may ask of a session: a closed union, one word each.

They travel in a signed request (``http.SessionOrder``), name the plan they were given under, and change nothing by
themselves: ``client.protocol.live`` decides, on the service, in one transaction.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from client.domain.ids import ItemId, MemberId
from client.domain.live import MAX_ROLL, Approver, ConclusionRef, Count, PagePointer, Presence


class CallRoll(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="call_roll"):
    """Begin the roll call, or call the roll again."""


class PresenceMark(Struct, frozen=True, forbid_unknown_fields=True):
    """What the secretary saw of one member."""

    member: MemberId
    presence: Presence


class MarkPresence(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="mark"):
    """Record who is here; members not named stay as they are."""

    marks: Annotated[tuple[PresenceMark, ...], Meta(min_length=1, max_length=MAX_ROLL)]


class ConfirmCheckIns(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="confirm"):
    """Everybody who checked in is here."""


class DecideAbsence(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="decide_absence"):
    """Consent to an absence, or refuse it."""

    member: MemberId
    approved: bool
    by: Approver


class BeginSession(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="begin"):
    """Open the session after the roll call, or go on after a pause; needs a quorum."""


class PauseSession(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="pause"):
    """A break."""


class GoToItem(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="item"):
    """Take up an item; the one before is done unless it is taken up again."""

    item: ItemId


class ShowPage(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="page"):
    """What the presenter shows; None for nothing."""

    pages: PagePointer | None


class CallSpeaker(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="call_speaker"):
    """Give the floor to a member, or to the next in the queue."""

    member: MemberId | None = None
    allotted_s: Count | None = None


class EndSpeech(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="end_speech"):
    """Nobody has the floor."""


class DropRequest(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="drop_request"):
    """Take a request to speak off the list."""

    member: MemberId
    item: ItemId


class PutAway(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="away"):
    """Put devices away ("cất thiết bị"), or take them out again."""

    away: bool


class ConcludeItem(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="conclude"):
    """Record an item's conclusion; ``without_debate`` when nobody objected and nobody asked to speak."""

    item: ItemId
    conclusion: ConclusionRef | None = None
    without_debate: bool = False


class CloseSession(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="close"):
    """End the session for good; no vote of it may be open."""


SessionCommand = (
    CallRoll
    | MarkPresence
    | ConfirmCheckIns
    | DecideAbsence
    | BeginSession
    | PauseSession
    | GoToItem
    | ShowPage
    | CallSpeaker
    | EndSpeech
    | DropRequest
    | PutAway
    | ConcludeItem
    | CloseSession
)
