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

from msgspec import Meta, Struct

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


class RuleSet(Struct, frozen=True, tag_field="t", tag="ecab.rules/1", forbid_unknown_fields=True):
    """One version of a body's working rules.

    Attributes:
        quorum: Least share of *all* members who must be present.
        majority: Share of *all* members that those in favour must exceed.
        favour: Choice that counts for the proposal; ``against`` the one that can tie with it.
        basis: Articles that the sentences on screen refer to.
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


class Outcome(Enum):
    """What a count means."""

    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    NEEDS_RULING = "needs_ruling"
    NO_QUORUM = "no_quorum"


class Tally(Struct, frozen=True):
    """The outcome of one question and the figures behind it."""

    outcome: Outcome
    in_favour: int
    against: int
    members: int
    needed: int
    tie_broken: bool = False


def quorum_size(rules: RuleSet, members: int) -> int:
    """Least number present: ``ceil(share * members)``, e.g. 18 of 27."""
    share = Fraction(rules.quorum) * members
    return -(-share.numerator // share.denominator)


def majority_size(rules: RuleSet, members: int) -> int:
    """Least number in favour: the first whole number *above* the share of all members, e.g. 14 of 27."""
    share = Fraction(rules.majority) * members
    return share.numerator // share.denominator + 1


def tally(
    rules: RuleSet,
    counts: Mapping[ChoiceCode, int],
    *,
    members: int,
    present: int | None = None,
    tie_breaker: ChoiceCode | None = None,
) -> Tally:
    """Decide one question.

    Args:
        rules: The rule set the ballot names.
        counts: Votes received in time, by choice.
        members: All members of the body, not those present or voting.
        present: Members present; None where presence does not apply (opinion ballots).
        tie_breaker: What the person who breaks ties chose, if that person voted.
    """
    favour, against = counts.get(rules.favour, 0), counts.get(rules.against, 0)
    needed = majority_size(rules, members)

    def result(outcome: Outcome, *, tie_broken: bool = False) -> Tally:
        return Tally(outcome, favour, against, members, needed, tie_broken)

    if present is not None and present < quorum_size(rules, members):
        return result(Outcome.NO_QUORUM)
    if favour >= needed:
        return result(Outcome.ADOPTED)
    if favour == against and favour > 0 and rules.tie is not TieRule.NONE:
        if tie_breaker == rules.favour:
            return result(Outcome.ADOPTED, tie_broken=True)
        if tie_breaker == rules.against:
            return result(Outcome.NOT_ADOPTED, tie_broken=True)
        return result(Outcome.NEEDS_RULING)
    return result(Outcome.NOT_ADOPTED)
