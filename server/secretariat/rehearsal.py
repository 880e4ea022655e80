# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a command would make of a session: the service's own pure functions, applied to a verified state at the desk.

Sends nothing and knows nothing the state does not say. The service may still answer otherwise: between a rehearsal and
the command the room can change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import structs

from client.domain.ballot import ServicePollState
from client.domain.ids import Moment
from client.domain.live import Plan, Room, SessionPhase
from client.errors import BadInput, Text
from client.protocol import live as machine
from client.protocol import live_commands as do
from client.protocol.live import Hall, LiveProblem
from client.protocol.live_commands import SessionCommand
from server.secretariat import rules

_WHY: Final = {
    LiveProblem.PHASE: Text("Phiên họp không ở trạng thái cho phép", "The session's state does not allow it"),
    LiveProblem.NO_QUORUM: Text("Chưa đủ số thành viên có mặt", "Too few members are present"),
    LiveProblem.UNKNOWN_MEMBER: Text("Người này không có trong danh sách thành viên", "Not on the roll"),
    LiveProblem.UNKNOWN_ITEM: Text("Chương trình không có nội dung này", "The agenda has no such item"),
    LiveProblem.NOBODY_WAITS: Text("Không ai đang chờ phát biểu", "Nobody waits to speak"),
    LiveProblem.NOT_INVITED: Text("Người này không được mời", "Not invited"),
}
_VOTING: Final = Text("Đang có biểu quyết mở", "A vote is open")


class NotPossible(BadInput):
    """The session would not take the command now."""

    code = "user.not_possible_now"
    title = Text("Chạy thử: lúc này không thực hiện được", "Dry run: not possible now")
    next_step = Text("Xem tình trạng phiên họp rồi thử lại.", "Look at the session's status, then try again.")


def commands(plan: Plan, room: Room, orders: Sequence[SessionCommand], *, at: Moment) -> Room:
    """The room after these commands.

    Raises:
        NotPossible: One of them would be refused.
    """
    rule_set = rules.PRESETS[plan.rules]
    voting = any(poll.state is ServicePollState.OPEN for poll in room.polls)
    hall = Hall(room)
    for order in orders:
        if voting and (isinstance(order, do.CloseSession) or (isinstance(order, do.PutAway) and order.away)):
            raise NotPossible(_VOTING.vi)
        made = machine.apply(plan, rule_set, hall, order, at)
        if isinstance(made, LiveProblem):
            raise NotPossible(_WHY[made].vi)
        hall = made
    return hall.room


def agenda(room: Room, plan: Plan) -> Room:
    """The room under a changed agenda.

    Raises:
        NotPossible: The session is over.
    """
    if room.phase is SessionPhase.CLOSED:
        raise NotPossible(_WHY[LiveProblem.PHASE].vi)
    made = machine.replan(Hall(room), plan, rules.PRESETS[plan.rules]).room
    return structs.replace(made, polls=room.polls, positions=room.positions)
