# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sentences of the ballot screens. What may be said of a signed vote is not here but in ``ui.words``."""

from __future__ import annotations

from collections.abc import Sequence

from client.clock import Clock
from client.domain.ballot import Answer, AnswerProblem, Choice, LatePolicy, NoteRule, Poll, Question
from client.domain.projection import BallotView, MyVote
from client.sync.events import Connectivity, SyncStatus
from client.ui import formats, words
from client.ui.i18n import language, tr
from client.ui.screens.ballot_entry import choice_of
from client.ui.theme.tokens import Tone


def choice_label(choice: Choice) -> str:
    """The choice in the language in force; both come with the ballot."""
    return choice.en if language() == "en" else choice.vi


def choice_hint(choice: Choice) -> str:
    """What the choice asks for."""
    return {
        NoteRule.REQUIRED: tr("Cần ghi nội dung"),
        NoteRule.OPTIONAL: "",
        NoteRule.NONE: tr("Không kèm ý kiến viết"),
    }[choice.note]


def note_title(question: Question, choice: Choice | None) -> str:
    """Over the field for words: whether they are needed."""
    if choice is None:
        needing = [choice_label(each) for each in question.choices if each.note is NoteRule.REQUIRED]
        if not needing:
            return tr("Nội dung ý kiến (không bắt buộc)")
        return tr("Nội dung ý kiến (bắt buộc nếu chọn: {choices})").format(choices=", ".join(needing))
    return {
        NoteRule.REQUIRED: tr("Nội dung ý kiến (bắt buộc)"),
        NoteRule.OPTIONAL: tr("Nội dung ý kiến (không bắt buộc)"),
        NoteRule.NONE: tr("Lựa chọn này không kèm ý kiến viết; nội dung dưới đây sẽ không được gửi."),
    }[choice.note]


def problem_sentence(problem: AnswerProblem) -> str:
    """What is missing at a question."""
    if problem is AnswerProblem.NOTE_REQUIRED:
        return tr("Cần ghi nội dung cho lựa chọn này.")
    return tr("Chưa chọn phương án.")


def question_title(poll: Poll, number: int, question: Question) -> str:
    """Numbered only when there are several."""
    if len(poll.questions) == 1:
        return question.text
    return tr("{n}. {title}").format(n=number, title=question.text)


def answer_lines(poll: Poll, answers: Sequence[Answer]) -> list[tuple[str, str, str]]:
    """Question, what was chosen, words; in the order of the questions."""
    given = {answer.q: answer for answer in answers}
    lines = []
    for number, question in enumerate(poll.questions, start=1):
        answer = given.get(question.id)
        if answer is not None:
            choice = choice_of(question, answer.choice)
            chosen = choice_label(choice) if choice is not None else answer.choice
            lines.append((question_title(poll, number, question), chosen, answer.note or ""))
    return lines


def vote_line(vote: MyVote) -> str:
    """``Phiếu số 12 · ký 08:58 25/11``."""
    return words.joined(
        (
            tr("Phiếu số {n}").format(n=vote.item.n),
            tr("ký {time}").format(time=formats.short_moment(vote.item.made)),
        )
    )


def deadline_rule(poll: Poll) -> str:
    """When a vote counts and who says so, before it is signed."""
    if poll.closes is None:
        return tr("Phiếu chỉ được tính khi máy chủ nhận được trước lúc chủ trì đóng biểu quyết.")
    at = formats.deadline_moment(poll.closes)
    if poll.late is LatePolicy.SECRETARY_DECIDES:
        return tr("Hạn theo giờ máy chủ nhận: {moment}. Phiếu đến sau hạn do Thư ký xem xét.").format(moment=at)
    return tr("Phiếu chỉ được tính khi máy chủ nhận được trước {moment}.").format(moment=at)


def connection_sentence(status: SyncStatus) -> str:
    """What becomes of a vote signed now; empty when there is nothing special."""
    if status.online is Connectivity.ONLINE:
        return ""
    return tr("Đang ngoại tuyến: phiếu sẽ được ký, lưu trên máy và tự gửi khi có mạng.")


def past_deadline(poll: Poll, clock: Clock) -> bool:
    """By this machine's clock the time is over; only the service's clock decides."""
    return poll.closes is not None and formats.local(poll.closes) <= formats.local(clock.now())


def foot_notice(poll: Poll, status: SyncStatus, clock: Clock) -> tuple[str, Tone, str]:
    """What becomes of a vote signed now: sentence, tone, icon."""
    rule = deadline_rule(poll)
    if past_deadline(poll, clock):
        late = tr("Theo đồng hồ máy này đã quá hạn; giờ máy chủ nhận là căn cứ.")
        return f"{late} {rule}", Tone.WARNING, "clock"
    offline = connection_sentence(status)
    return (f"{offline} {rule}", Tone.WARNING, "offline") if offline else (rule, Tone.NEUTRAL, "info")


def rules_sentence(poll: Poll) -> str:
    """Open or secret, change of mind, and on what basis; shown before choosing."""
    change = (
        tr("Được đổi ý kiến cho đến khi đóng; phiếu mới thay phiếu cũ.")
        if poll.revote
        else tr("Đã gửi thì không đổi được ý kiến.")
    )
    basis = tr("Căn cứ: {articles}.").format(articles="; ".join(poll.basis)) if poll.basis else ""
    return " ".join(part for part in (tr("Phiếu có ghi tên."), change, basis) if part)


def replaces_sentence(view: BallotView) -> str:
    """Which vote a new one would take the place of; empty when there is none."""
    if view.other is not None:
        return tr("Phiếu mới sẽ thay phiếu từ thiết bị khác của đồng chí (mã {code}).").format(code=view.other.device)
    if view.replaces is not None and view.current is not None:
        return tr("Phiếu mới sẽ thay phiếu số {n} của đồng chí.").format(n=view.current.item.n)
    return ""
