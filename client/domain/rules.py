# SPDX-License-Identifier: AGPL-3.0-or-later
"""The procedure as data and pure functions: quorum, majority, ties (product.md, section 2).

A ``RuleSet`` is a signed, versioned record from the secretariat; every ballot names the version it is decided
under. Nothing here reads a clock or knows a member's name, and no number of the procedure is a constant of
the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from client.domain.ballot import Choice, LatePolicy
from client.domain.ids import ChoiceCode, Moment, RuleSetId
from client.domain.session import Title

Share = Annotated[str, Meta(pattern=r"^[1-9][0-9]?/[1-9][0-9]?$")]
"""A fraction such as ``2/3``, kept as text so that it never becomes a rounded float."""


class TieRule(Enum):
    """Who breaks a tie between the two sides."""

    PRIME_MINISTER = "prime_minister"
    CHAIR = "chair"
    NONE = "none"


class TieCounts(Enum):
    """Which equal counts are a tie that somebody breaks.

    ``SIDES``: as many for as against, whatever the others did (13-13-1, 12-12-3 of 27). ``HALF``: only exactly half of
    all members on either side (13-13 of 26); any other equal count is simply short of the majority.
    """

    SIDES = "sides"
    HALF = "half"


class RuleTopic(Enum):
    """What an article is about."""

    QUORUM = "quorum"
    MAJORITY = "majority"
    TIE = "tie"
    ABSENCE = "absence"
    OPINION = "opinion"
    DEADLINE = "deadline"


class Article(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a rule comes from.

    Attributes:
        source: The act, e.g. ``Nghị định 39/2022/NĐ-CP``.
        article: ``Điều 12``; empty where only the act as a whole could be named.
        checked: The wording was compared with the act's full text.
    """

    topic: RuleTopic
    source: Title
    article: Title = ""
    checked: bool = False


class Silence(Enum):
    """What no answer to an opinion ballot means; consent only where a body's rules say so in words."""

    NO_RESPONSE = "no_response"
    IN_FAVOUR = "in_favour"


class Opener(Enum):
    """Who may open, extend and close a vote and run a session."""

    CHAIR = "chair"
    SECRETARIAT = "secretariat"


class LiveCounts(Enum):
    """What everybody sees of a vote that is open."""

    TOTALS = "totals"
    ANSWERED = "answered"


class Forms(Struct, frozen=True, forbid_unknown_fields=True):
    """How a body's papers are numbered and signed (Decree 30/2020/NĐ-CP, Annexes I and III).

    Attributes:
        symbol: The body in numbers of papers, ``CP``.
        decision, decision_symbol: The kind of paper its decisions are, ``Nghị quyết`` and ``NQ``.
        enacting: The words above the articles, ``QUYẾT NGHỊ``.
        head, deputy: Offices of the body's head and of whoever signs in the head's place.
        member: What a member is called.
    """

    symbol: Annotated[str, Meta(min_length=1, max_length=12)]
    decision: Title
    decision_symbol: Annotated[str, Meta(min_length=1, max_length=12)]
    enacting: Title
    head: Title
    deputy: Title
    member: Title


class Procedure(Struct, frozen=True, forbid_unknown_fields=True):
    """The part of the rules that runs sessions and ballots.

    Attributes:
        silence: What no answer means.
        openers: Who opens, extends and closes.
        live_counts: What is shown of an open vote.
        papers_days: Days before a session by which papers must be out.
        opinion_days: Least days that an opinion ballot should leave for an answer.
        speech_s: Usual length of a speech, seconds; None for no limit.
        time_goal_percent: By how much sessions are to be shorter than planned.
        articles: Where each rule comes from.
        tie_counts: Which equal counts are a tie; ``SIDES`` where it is not stated.
        forms: How the body's papers are numbered and signed; the Government's where it is not stated.

    The last two are left out of the bytes where they are not stated: rule sets signed before keep their form.
    """

    silence: Silence = Silence.NO_RESPONSE
    openers: Annotated[tuple[Opener, ...], Meta(min_length=1)] = (Opener.CHAIR, Opener.SECRETARIAT)
    live_counts: LiveCounts = LiveCounts.TOTALS
    papers_days: Annotated[int, Meta(ge=0, le=60)] = 3
    opinion_days: Annotated[int, Meta(ge=0, le=60)] = 3
    speech_s: Annotated[int, Meta(ge=30, le=7200)] | None = 300
    time_goal_percent: Annotated[int, Meta(ge=0, le=90)] = 30
    articles: Annotated[tuple[Article, ...], Meta(max_length=40)] = ()
    tie_counts: TieCounts | UnsetType = UNSET
    forms: Forms | UnsetType = UNSET


class RuleSet(Struct, frozen=True, tag_field="t", tag="ecab.rules/1", forbid_unknown_fields=True):
    """One version of a body's working rules.

    Attributes:
        quorum: Least share of *all* members who must be present.
        majority: Share of *all* members that those in favour must exceed.
        favour: Choice that counts for the proposal; ``against`` the one that can tie with it.
        basis: Acts that the rules as a whole rest on.
        procedure: How sessions and ballots run; ``run`` gives the safe defaults where it is not stated. Left out of
            the bytes when it is not, so that rule sets signed before it existed keep their form.
    """

    id: RuleSetId
    title: Title
    valid_from: Moment
    quorum: Share
    majority: Share
    tie: TieRule
    choices: Annotated[tuple[Choice, ...], Meta(min_length=2, max_length=12)]
    favour: ChoiceCode
    against: ChoiceCode
    late: LatePolicy = LatePolicy.NOT_COUNTED
    absent_vote: bool = True
    substitute_votes: bool = False
    remote_counts_to_quorum: bool = True
    revote: bool = True
    basis: tuple[Title, ...] = ()
    procedure: Procedure | UnsetType = UNSET

    @property
    def run(self) -> Procedure:
        """The procedure, stated or by default."""
        return Procedure() if isinstance(self.procedure, UnsetType) else self.procedure

    def article(self, topic: RuleTopic) -> str:
        """``Điều 12 Nghị định 39/2022/NĐ-CP``; the first act of ``basis`` where no article is named; or empty."""
        found = next((each for each in self.run.articles if each.topic is topic), None)
        if found is None:
            return self.basis[0] if self.basis else ""
        return f"{found.article} {found.source}".strip()


class Outcome(Enum):
    """What a count means."""

    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    NEEDS_RULING = "needs_ruling"
    NO_QUORUM = "no_quorum"


class Tally(Struct, frozen=True):
    """The outcome of one question and the figures behind it.

    Attributes:
        needed: Least number in favour.
        present, quorum: Members who counted to the quorum and the least number of them; None for opinion ballots.
        silent: Members of whom no answer came, where the rules count them in favour; else 0.
    """

    outcome: Outcome
    in_favour: int
    against: int
    members: int
    needed: int
    tie_broken: bool = False
    present: int | None = None
    quorum: int | None = None
    silent: int = 0


def quorum_size(rules: RuleSet, members: int) -> int:
    """Least number present: ``ceil(share * members)``, e.g. 18 of 27."""
    share = Fraction(rules.quorum) * members
    return -(-share.numerator // share.denominator)


def majority_size(rules: RuleSet, members: int) -> int:
    """Least number in favour: the first whole number *above* the share of all members, e.g. 14 of 27."""
    share = Fraction(rules.majority) * members
    return share.numerator // share.denominator + 1


def is_tie(rules: RuleSet, favour: int, against: int, *, members: int) -> bool:
    """Whether two sides are a tie that somebody breaks under these rules."""
    if favour != against or favour == 0 or rules.tie is TieRule.NONE:
        return False
    return rules.run.tie_counts is not TieCounts.HALF or 2 * favour == members


def tally(
    rules: RuleSet,
    counts: Mapping[ChoiceCode, int],
    *,
    members: int,
    present: int | None = None,
    tie_breaker: ChoiceCode | None = None,
    silent: int = 0,
) -> Tally:
    """Decide one question.

    Args:
        rules: The rule set the ballot names.
        counts: Votes received in time, by choice.
        members: All members of the body, not those present or voting.
        present: Members present; None where presence does not apply (opinion ballots).
        tie_breaker: What the person who breaks ties chose, if that person voted.
        silent: Eligible members of whom no answer came; they count in favour only where the rules say so.
    """
    consenting = silent if rules.run.silence is Silence.IN_FAVOUR else 0
    favour, against = counts.get(rules.favour, 0) + consenting, counts.get(rules.against, 0)
    needed = majority_size(rules, members)
    quorum = None if present is None else quorum_size(rules, members)

    def result(outcome: Outcome, *, tie_broken: bool = False) -> Tally:
        return Tally(outcome, favour, against, members, needed, tie_broken, present, quorum, consenting)

    if present is not None and quorum is not None and present < quorum:
        return result(Outcome.NO_QUORUM)
    if favour >= needed:
        return result(Outcome.ADOPTED)
    if is_tie(rules, favour, against, members=members):
        if tie_breaker == rules.favour:
            return result(Outcome.ADOPTED, tie_broken=True)
        if tie_breaker == rules.against:
            return result(Outcome.NOT_ADOPTED, tie_broken=True)
        return result(Outcome.NEEDS_RULING)
    return result(Outcome.NOT_ADOPTED)
