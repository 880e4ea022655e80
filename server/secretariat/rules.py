# SPDX-License-Identifier: AGPL-3.0-or-later
"""Preset rule sets (product.md, section 2): data the secretariat signs, not constants of any program.

Each becomes a signed target ``r/<name>.<version>``; a ballot names the version it is decided under. Points that
could not be read in full text keep the safe default of ``RuleSet``.
"""

from __future__ import annotations

from typing import Final

from msgspec import structs

from client.domain.ballot import Choice, NoteRule
from client.domain.ids import ChoiceCode, Moment, RuleSetId
from client.domain.rules import Article, LiveCounts, Opener, Procedure, RuleSet, RuleTopic, TieRule

_VALID_FROM: Final = Moment("2025-03-01T00:00:00.000Z")

GOVERNMENT: Final = RuleSet(
    id=RuleSetId("gov-2025/1"),
    title="Quy chế làm việc của Chính phủ",
    valid_from=_VALID_FROM,
    quorum="2/3",
    majority="1/2",
    tie=TieRule.PRIME_MINISTER,
    choices=(
        Choice(ChoiceCode("yes"), "Đồng ý", "In favour", NoteRule.OPTIONAL),
        Choice(ChoiceCode("no"), "Không đồng ý", "Against", NoteRule.REQUIRED),
        Choice(ChoiceCode("other_opinion"), "Ý kiến khác", "Other opinion", NoteRule.REQUIRED),
    ),
    favour=ChoiceCode("yes"),
    against=ChoiceCode("no"),
    basis=("Luật Tổ chức Chính phủ 2025", "Nghị định 39/2022/NĐ-CP"),
)

PEOPLES_COMMITTEE: Final = RuleSet(
    id=RuleSetId("committee-2025/1"),
    title="Quy chế làm việc của Ủy ban nhân dân",
    valid_from=_VALID_FROM,
    quorum="2/3",
    majority="1/2",
    tie=TieRule.CHAIR,
    choices=(
        Choice(ChoiceCode("for"), "Tán thành", "For", NoteRule.OPTIONAL),
        Choice(ChoiceCode("against"), "Không tán thành", "Against", NoteRule.OPTIONAL),
        Choice(ChoiceCode("not_voting"), "Không biểu quyết", "Not voting", NoteRule.OPTIONAL),
    ),
    favour=ChoiceCode("for"),
    against=ChoiceCode("against"),
    basis=("Luật Tổ chức chính quyền địa phương 2025",),
)

COUNCIL: Final = RuleSet(
    id=RuleSetId("council-2025/1"),
    title="Quy chế hoạt động của hội đồng",
    valid_from=_VALID_FROM,
    quorum="2/3",
    majority="1/2",
    tie=TieRule.NONE,
    choices=(
        Choice(ChoiceCode("yes"), "Đồng ý", "Yes", NoteRule.OPTIONAL),
        Choice(ChoiceCode("no"), "Không đồng ý", "No", NoteRule.OPTIONAL),
        Choice(ChoiceCode("blank"), "Phiếu trắng", "Blank", NoteRule.NONE),
    ),
    favour=ChoiceCode("yes"),
    against=ChoiceCode("no"),
    absent_vote=False,
)

_LAW: Final = "Luật Tổ chức Chính phủ 2025"
_DECREE: Final = "Nghị định 39/2022/NĐ-CP"
_LOCAL: Final = "Luật Tổ chức chính quyền địa phương 2025"

GOVERNMENT_2: Final = structs.replace(
    GOVERNMENT,
    id=RuleSetId("gov-2025/2"),
    procedure=Procedure(
        articles=(
            Article(RuleTopic.QUORUM, _LAW),
            Article(RuleTopic.MAJORITY, _LAW),
            Article(RuleTopic.TIE, _LAW),
            Article(RuleTopic.ABSENCE, _DECREE),
            Article(RuleTopic.OPINION, _DECREE),
            Article(RuleTopic.DEADLINE, _DECREE),
        ),
    ),
)
PEOPLES_COMMITTEE_2: Final = structs.replace(
    PEOPLES_COMMITTEE,
    id=RuleSetId("committee-2025/2"),
    procedure=Procedure(
        articles=(
            Article(RuleTopic.QUORUM, _LOCAL),
            Article(RuleTopic.MAJORITY, _LOCAL),
            Article(RuleTopic.TIE, _LOCAL),
        ),
    ),
)
COUNCIL_2: Final = structs.replace(
    COUNCIL,
    id=RuleSetId("council-2025/2"),
    procedure=Procedure(openers=(Opener.SECRETARIAT,), live_counts=LiveCounts.ANSWERED),
)
"""Version 2 states how sessions and ballots run. Articles name the act; the number of an article is added, and
``checked`` set, once it was read in the act's full text."""

PRESETS: Final[dict[RuleSetId, RuleSet]] = {
    rules.id: rules for rules in (GOVERNMENT, PEOPLES_COMMITTEE, COUNCIL, GOVERNMENT_2, PEOPLES_COMMITTEE_2, COUNCIL_2)
}
"""Every version ever signed stays: a ballot is decided under the version it names."""
DEFAULT: Final = GOVERNMENT_2.id
