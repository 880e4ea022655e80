# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions on polls: fetch, check, keep; look for the own vote in a closed poll's list.

What may be believed is decided in ``ballots``; here it is fetched and stored.
"""

from __future__ import annotations

from client.crypto import dsse
from client.domain.ballot import Poll, PollState
from client.domain.ids import Hash, PollId, RuleSetId
from client.domain.outbox import OutboxState
from client.domain.rules import RuleSet
from client.errors import ContentMismatch, ServiceRefused, Untrusted
from client.protocol import codec, names
from client.protocol.messages import ClosingList, PollDefinition, PollWording, VoteStatement
from client.store import outbox, polls, trusted
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.sync import actions, ballots
from client.sync.crashpoints import crash_point
from client.sync.events import Problem
from client.sync.means import Means
from client.sync.packs import Wordings
from client.sync.statements import STATEMENT_LIMIT

_RULES_LIMIT = codec.MAX_SMALL * 4 // 3 + codec.MAX_SMALL


def refresh(means: Means, wordings: Wordings, action: actions.RefreshPoll) -> None:
    """Ask where a poll stands and keep what verifies.

    Raises:
        Untrusted: Definition, wording and status do not belong together.
        ServiceRefused: The service does not know it.
    """
    wording = _wording(wordings, action)
    answer = means.transport.get_poll(action.poll)
    known = means.record.read(lambda conn: polls.get(conn, action.poll)).result()
    definition = ballots.open_definition(answer.definition, wording, publishers=means.trust.publisher_keys())
    if definition.pack != action.pack:
        raise ContentMismatch(f"{action.poll} belongs to {definition.pack}")
    poll = ballots.join(
        answer,
        wording,
        rev=action.rev,
        member=means.member,
        publishers=means.trust.publisher_keys(),
        services=means.trust.service_keys(),
        known=known,
        rules=_rules(means, definition.rules),
        now=means.time.now(),
    )
    if poll != known:
        means.record.write(lambda conn: polls.save(conn, poll)).result()
        crash_point("poll.saved")


def check_closing(means: Means, action: actions.CheckClosing, wording: PollWording) -> None:
    """Get the closing list, judge it, keep it with the verdict.

    Raises:
        Untrusted: Not a closing list of this poll: nothing is decided.
    """
    poll = means.record.read(lambda conn: polls.get(conn, action.poll)).result()
    if poll is None:
        raise ContentMismatch(f"{action.poll} unknown")
    services = means.trust.service_keys()
    envelope = means.transport.get_closing(action.poll)
    closing = ballots.open_closing(envelope, poll, services=services)
    answer = means.transport.get_poll(action.poll)
    definition = ballots.open_definition(answer.definition, wording, publishers=means.trust.publisher_keys())
    dispute = _judge(means, poll, closing, definition)
    state = PollState.RESULT_VERIFIED if dispute is None else PollState.RESULT_DISPUTED

    def write(conn: Connection) -> tuple[None, ChangeSet]:
        changes = polls.save_closing(conn, poll.id, envelope)[1]
        return None, changes | polls.set_state(conn, poll.id, state, closed=closing.closed)[1]

    means.record.write(write).result()
    crash_point("closing.saved")
    if dispute is not None:
        means.emit(Problem(ContentMismatch(f"closing list: {dispute.value}"), poll.id))


def _judge(means: Means, poll: Poll, closing: ClosingList, definition: PollDefinition) -> ballots.Dispute | None:
    votes = means.record.read(lambda conn: outbox.of_poll(conn, poll.id)).result()
    mine = {item.statement for item, _ in votes}
    counted = [item for item, _ in votes if item.state is OutboxState.RECEIPTED and not item.replaced]
    own = ballots.own_line(closing, means.member)
    if own is not None and own.vote not in mine and _from_own_device(means, poll.id, own.vote):
        mine.add(own.vote)
    return ballots.judge(
        closing,
        definition,
        member=means.member,
        counted=counted[-1].statement if counted else None,
        mine=frozenset(mine),
    )


def _from_own_device(means: Means, poll: PollId, vote: Hash) -> bool:
    """Whether another device of this member signed that vote."""
    directory = means.trust.directory()
    devices = () if directory is None else directory.devices
    keys: dict[str, str] = {each.id: each.sign for each in devices if each.member == means.member}
    try:
        envelope = means.transport.get_statement(vote).statement
        if envelope is None:
            return False
        opened = dsse.open_(envelope, keys, limit=STATEMENT_LIMIT)
        statement = codec.decode(opened.payload, VoteStatement, limit=codec.MAX_STATEMENT)
    except (Untrusted, ServiceRefused) as error:
        means.emit(Problem(error, poll))
        return False
    return opened.hash == vote and statement.poll == poll and statement.member == means.member


def _wording(wordings: Wordings, action: actions.RefreshPoll) -> PollWording:
    found = next((each for each in wordings.of(action.pack, action.rev) if each.id == action.poll), None)
    if found is None:
        raise ContentMismatch(f"{action.poll} has no wording")
    return found


def _rules(means: Means, name: RuleSetId) -> RuleSet | None:
    """The signed rule set a poll names, kept once fetched; None when the index lists none."""
    stem, _, version = name.partition("/")
    target = names.rules_target(stem, int(version))
    if means.trust.target(target) is None:
        return None
    kept = means.record.read(lambda conn: trusted.load_target(conn, target)).result()
    data = means.transport.get_target(target, _RULES_LIMIT) if kept is None else kept
    means.trust.check_target(target, data)
    opened = dsse.open_(data, means.trust.publisher_keys(), limit=_RULES_LIMIT)
    rules = codec.decode(opened.payload, RuleSet, limit=codec.MAX_SMALL)
    if rules.id != name:
        raise ContentMismatch(f"{target} holds {rules.id}")
    if kept is None:
        means.record.write(lambda conn: trusted.save_target(conn, target, data)).result()
    return rules
