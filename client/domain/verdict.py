# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a count means, in one plain sentence with the rule's article, in both languages.

Pure: figures and rules in, words out. The words follow the figures of ``rules.tally`` and decide nothing. The article
named is the one of the rule that was decisive: quorum, tie or majority.
"""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from client.domain.ids import ChoiceCode
from client.domain.rules import Outcome, RuleSet, RuleTopic, Tally, TieRule


class Sentence(Struct, frozen=True):
    """One sentence in both languages and the article it rests on (in Vietnamese; empty where none is known)."""

    vi: str
    en: str
    article: str = ""


def explain(rules: RuleSet, tally: Tally) -> Sentence:
    """A sentence such as "14/27 đồng ý: quá nửa tổng số thành viên"."""
    vi, en = _figures(rules, tally)
    share_vi, share_en = _share(rules)
    tie_vi, tie_en = _breaker(rules)
    match tally.outcome:
        case Outcome.NO_QUORUM:
            return Sentence(
                f"{tally.present}/{tally.members} có mặt: chưa đủ {tally.quorum} thành viên để họp và biểu quyết",
                f"{tally.present} of {tally.members} present: {tally.quorum} are needed to meet and to vote",
                rules.article(RuleTopic.QUORUM),
            )
        case Outcome.NEEDS_RULING:
            return Sentence(
                f"{vi}: số phiếu ngang nhau, chờ ý kiến của {tie_vi}",
                f"{en}: a tie, to be ruled on by {tie_en}",
                rules.article(RuleTopic.TIE),
            )
        case Outcome.ADOPTED | Outcome.NOT_ADOPTED if tally.tie_broken:
            sided = tally.outcome is Outcome.ADOPTED
            return Sentence(
                f"{vi}: số phiếu ngang nhau, {'thông qua' if sided else 'không thông qua'} theo ý kiến {tie_vi}",
                f"{en}: a tie, {'adopted' if sided else 'not adopted'} with the side of {tie_en}",
                rules.article(RuleTopic.TIE),
            )
        case Outcome.ADOPTED:
            return Sentence(
                f"{vi}: quá {share_vi} tổng số thành viên",
                f"{en}: more than {share_en} of all members",
                rules.article(RuleTopic.MAJORITY),
            )
        case _:
            return Sentence(
                f"{vi}: chưa quá {share_vi} tổng số thành viên (cần {tally.needed})",
                f"{en}: not more than {share_en} of all members ({tally.needed} needed)",
                rules.article(RuleTopic.MAJORITY),
            )


def outcome_words(outcome: Outcome) -> Sentence:
    """The outcome alone, as a heading."""
    vi, en = _OUTCOMES[outcome]
    return Sentence(vi, en)


_OUTCOMES = {
    Outcome.ADOPTED: ("Thông qua", "Adopted"),
    Outcome.NOT_ADOPTED: ("Không thông qua", "Not adopted"),
    Outcome.NEEDS_RULING: ("Chờ quyết định", "Awaits a ruling"),
    Outcome.NO_QUORUM: ("Không đủ thành viên", "No quorum"),
}


def _figures(rules: RuleSet, tally: Tally) -> tuple[str, str]:
    vi, en = _label(rules, rules.favour)
    figures = f"{tally.in_favour}/{tally.members}"
    if tally.outcome is Outcome.NEEDS_RULING or tally.tie_broken:
        against_vi, against_en = _label(rules, rules.against)
        return (
            f"{figures} {vi}, {tally.against}/{tally.members} {against_vi}",
            f"{tally.in_favour} of {tally.members} {en}, {tally.against} {against_en}",
        )
    silent_vi = f" (gồm {tally.silent} không trả lời)" if tally.silent else ""
    silent_en = f" ({tally.silent} by silence)" if tally.silent else ""
    return f"{figures} {vi}{silent_vi}", f"{tally.in_favour} of {tally.members} {en}{silent_en}"


def _label(rules: RuleSet, code: ChoiceCode) -> tuple[str, str]:
    choice = next((each for each in rules.choices if each.code == code), None)
    if choice is None:
        return code, code
    return choice.vi[:1].lower() + choice.vi[1:], choice.en[:1].lower() + choice.en[1:]


def _share(rules: RuleSet) -> tuple[str, str]:
    share = Fraction(rules.majority)
    if share == Fraction(1, 2):
        return "nửa", "half"
    return f"{share.numerator}/{share.denominator}", f"{share.numerator}/{share.denominator}"


def _breaker(rules: RuleSet) -> tuple[str, str]:
    if rules.tie is TieRule.PRIME_MINISTER:
        return "Thủ tướng", "the Prime Minister"
    return "chủ trì", "the chair"
