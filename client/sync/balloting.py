# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions on polls: fetch, check, keep; look for the own vote in a closed poll's list.

What may be believed is decided in ``ballots``; here it is fetched and stored.
"""

from __future__ import annotations

from msgspec import structs

from client.crypto import dsse
from client.domain.ballot import Poll, PollState
from client.domain.ids import Hash, PollId, RuleSetId
from client.domain.outbox import OutboxState
from client.domain.projection import standing_vote
from client.domain.rules import RuleSet
from client.errors import ContentMismatch, RollbackDetected, ServiceRefused, Untrusted
from client.protocol import codec, names
from client.protocol.messages import ClosingList, PollDefinition, PollWording, VoteStatement
from client.store import outbox, polls, settings, trusted
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.sync import actions, ballots
from client.sync.crashpoints import crash_point
from client.sync.events import Problem
from client.sync.means import Means
from client.sync.packs import Wordings
from client.sync.statements import STATEMENT_LIMIT

_RULES_LIMIT = codec.MAX_SMALL * 4 // 3 + codec.MAX_SMALL
_LONGEST_CHAIN = 64
"""Votes of one member on one poll that are followed back to the one with a receipt."""
_SEEN_AT = "poll.at."


def refresh(means: Means, wordings: Wordings, action: actions.RefreshPoll) -> None:
    """Ask where a poll stands and keep what verifies.

    Raises:
        Untrusted: Definition, wording and status do not belong together.
        RollbackDetected: The status is older than the one that was believed last.
        ServiceRefused: The service does not know it.
    """
    wording = _wording(wordings, action)
    answer = means.transport.get_poll(action.poll)
    seen_at = _SEEN_AT + action.poll
    known, last = means.record.read(
        lambda conn: (polls.get(conn, action.poll), settings.get(conn, seen_at, str, ""))
    ).result()
    definition = ballots.open_definition(answer.definition, wording, publishers=means.trust.publisher_keys())
    status = ballots.open_status(answer.status, wording, services=means.trust.service_keys())
    if status.at < last:
        raise RollbackDetected(f"{action.poll}: status of {status.at}, have {last}")
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
    if poll == known:
        return

    def write(conn: Connection) -> tuple[None, ChangeSet]:
        changes = settings.put(conn, seen_at, status.at)[1]
        return None, changes | polls.save(conn, poll)[1]

    means.record.write(write).result()
    crash_point("poll.saved")


def check_certified(means: Means, action: actions.CheckCertified) -> bool:
    """Get what the service certified and keep it; False while the poll or its closing list is not here.

    Raises:
        Untrusted: Not the certified result of this closing list: nothing is decided.
        ServiceRefused: ``not-found`` while nothing was certified.
    """
    poll, kept = means.record.read(
        lambda conn: (polls.get(conn, action.poll), polls.closing(conn, action.poll))
    ).result()
    if poll is None or kept is None:
        return False
    services = means.trust.service_keys()
    envelope = means.transport.get_certified(action.poll)
    certified = ballots.open_certified(envelope, poll, services=services)
    closing = ballots.open_closing(kept, poll, services=services)
    ballots.check_certified(certified, closing, closing_hash=dsse.open_(kept, services).hash)
    late = means.record.read(lambda conn: outbox.of_poll(conn, poll.id)).result()
    mine = {item.statement for item, _ in late if item.state is OutboxState.LATE}
    admitted = any(line.vote in mine for line in certified.admitted)
    updated = structs.replace(poll, certified=True, admitted=admitted)

    def write(conn: Connection) -> tuple[None, ChangeSet]:
        changes = polls.save_certified(conn, poll.id, envelope)[1]
        return None, changes | polls.save(conn, updated)[1]

    means.record.write(write).result()
    return True


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
        changes |= polls.save_definition(conn, poll.id, answer.definition)[1]
        changes |= polls.set_dispute(conn, poll.id, "" if dispute is None else dispute.value)[1]
        return None, changes | polls.set_state(conn, poll.id, state, closed=closing.closed)[1]

    means.record.write(write).result()
    crash_point("closing.saved")
    if dispute is not None:
        means.emit(Problem(ContentMismatch(f"closing list: {dispute.value}"), poll.id))


def ask_other(means: Means, action: actions.AskOther) -> bool:
    """Get the vote that an act in conflict met; True once it is verified and kept beside the act."""
    item = means.record.read(lambda conn: outbox.item(conn, action.n)).result()
    if item.state is not OutboxState.CONFLICT or item.other is None:
        return False
    vote = _own_vote(means, PollId(item.subject), item.other.statement)
    if vote is None:
        return False
    other = structs.replace(item.other, made=vote.cast_at, answers=vote.answers)
    means.record.write(lambda conn: outbox.mark(conn, action.n, other=other)).result()
    return True


def _judge(means: Means, poll: Poll, closing: ClosingList, definition: PollDefinition) -> ballots.Dispute | None:
    votes = means.record.read(lambda conn: outbox.of_poll(conn, poll.id)).result()
    mine = {item.statement for item, _ in votes}
    stands, _ = standing_vote(item for item, _ in votes)
    own = ballots.own_line(closing, means.member)
    # A vote of another device is followed back too: the service's word that it stood does not make it the member's.
    chain = () if own is None else _chain(means, poll.id, own.vote, stands if stands in mine else None)
    mine.update(step for step, verified in chain if verified)
    return ballots.judge(
        closing,
        definition,
        member=means.member,
        counted=stands,
        mine=frozenset(mine),
        chain=frozenset(step for step, _ in chain),
    )


def _chain(means: Means, poll: PollId, newest: Hash, last: Hash | None) -> tuple[tuple[Hash, bool], ...]:
    """``newest`` and what it replaced, back to ``last``; with each whether it was verified to be the member's.

    What is this device's own needs no asking, so a closing list with the expected vote costs nothing.
    """
    chain: dict[Hash, bool] = {}
    step: Hash | None = newest
    while step is not None and step not in chain and len(chain) < _LONGEST_CHAIN:
        if step == last:
            chain[step] = True
            break
        vote = _own_vote(means, poll, step)
        chain[step] = vote is not None
        step = None if vote is None else vote.replaces
    return tuple(chain.items())


def _own_vote(means: Means, poll: PollId, vote: Hash) -> VoteStatement | None:
    """A vote on ``poll`` that one of this member's devices signed, from the service; None if it is not one."""
    directory = means.trust.directory()
    devices = () if directory is None else directory.devices
    keys: dict[str, str] = {each.id: each.sign for each in devices if each.member == means.member}
    try:
        envelope = means.transport.get_statement(vote).statement
        if envelope is None:
            return None
        opened = dsse.open_(envelope, keys, limit=STATEMENT_LIMIT)
        statement = codec.decode(opened.payload, VoteStatement, limit=codec.MAX_STATEMENT)
    except (Untrusted, ServiceRefused) as error:
        means.emit(Problem(error, poll))
        return None
    same = opened.hash == vote and statement.poll == poll and statement.member == means.member
    return statement if same else None


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
