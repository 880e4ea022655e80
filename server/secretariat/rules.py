# SPDX-License-Identifier: AGPL-3.0-or-later
"""Preset rule sets (product.md, section 2): data the secretariat signs, not constants of any program.

Each becomes a signed target ``r/<name>.<version>``; a ballot names the version it is decided under. Points that
could not be read in full text keep the safe default of ``RuleSet``.
"""

from __future__ import annotations

from typing import Final

from msgspec import UnsetType, structs

from client.domain.ballot import Choice, NoteRule
from client.domain.ids import ChoiceCode, Moment, RuleSetId
from client.domain.rules import (
    Article,
    Forms,
    LiveCounts,
    Opener,
    Procedure,
    RuleSet,
    RuleTopic,
    TieCounts,
    TieRule,
)

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


GOVERNMENT_FORMS: Final = Forms(
    symbol="CP",
    decision="Nghị quyết",
    decision_symbol="NQ",
    enacting="QUYẾT NGHỊ",
    head="Thủ tướng",
    deputy="Phó Thủ tướng",
    member="thành viên Chính phủ",
)
GOVERNMENT_3: Final = structs.replace(
    GOVERNMENT_2,
    id=RuleSetId("gov-2025/3"),
    procedure=structs.replace(
        GOVERNMENT_2.run,
        tie_counts=TieCounts.SIDES,
        forms=GOVERNMENT_FORMS,
    ),
)
PEOPLES_COMMITTEE_3: Final = structs.replace(
    PEOPLES_COMMITTEE_2,
    id=RuleSetId("committee-2025/3"),
    procedure=structs.replace(
        PEOPLES_COMMITTEE_2.run,
        tie_counts=TieCounts.SIDES,
        forms=Forms(
            symbol="UBND",
            decision="Quyết định",
            decision_symbol="QĐ",
            enacting="QUYẾT ĐỊNH",
            head="Chủ tịch",
            deputy="Phó Chủ tịch",
            member="thành viên Ủy ban nhân dân",
        ),
    ),
)
COUNCIL_3: Final = structs.replace(
    COUNCIL_2,
    id=RuleSetId("council-2025/3"),
    procedure=structs.replace(
        COUNCIL_2.run,
        tie_counts=TieCounts.SIDES,
        forms=Forms(
            symbol="HĐ",
            decision="Nghị quyết",
            decision_symbol="NQ",
            enacting="QUYẾT NGHỊ",
            head="Chủ tịch Hội đồng",
            deputy="Phó Chủ tịch Hội đồng",
            member="thành viên Hội đồng",
        ),
    ),
)
"""Version 3 says which equal counts are a tie, and how the body's papers are numbered and signed."""

PRESETS: Final[dict[RuleSetId, RuleSet]] = {
    rules.id: rules
    for rules in (
        GOVERNMENT,
        PEOPLES_COMMITTEE,
        COUNCIL,
        GOVERNMENT_2,
        PEOPLES_COMMITTEE_2,
        COUNCIL_2,
        GOVERNMENT_3,
        PEOPLES_COMMITTEE_3,
        COUNCIL_3,
    )
}
"""Every version ever signed stays: a ballot is decided under the version it names."""
DEFAULT: Final = GOVERNMENT_3.id
FORMER: Final = (GOVERNMENT_2.id, GOVERNMENT.id)
"""What was the default before: a ballot that stated no rules keeps those it was published under."""


def forms(rules: RuleSet) -> Forms:
    """How the papers of a body under these rules are numbered and signed."""
    stated = rules.run.forms
    return GOVERNMENT_FORMS if isinstance(stated, UnsetType) else stated
