# SPDX-License-Identifier: AGPL-3.0-or-later
"""One look at the service, from time and trust to the last paper, and which errors end it.

Every action is tried at most once in a look; between two stretches of the plan (outbox, manifests, polls, papers)
the plan is made anew from what is stored then.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from client.clock import Clock, Millis, from_rfc3339, to_rfc3339
from client.crypto import dsse
from client.domain.ids import DeviceId, Moment
from client.errors import (
    DeviceRevoked,
    EcabinetError,
    ServiceRefused,
    Unreachable,
    Untrusted,
)
from client.protocol import codec
from client.protocol.messages import DeviceEntry, DeviceState, SignedTime
from client.store import trusted
from client.sync import receipts, sending
from client.sync.actions import NEWS, Action, CheckCertified, FetchKey, RefreshSession, SendStatement, phase
from client.sync.audit import AuditWatch
from client.sync.events import PackProgress, Problem
from client.sync.executor import Executor
from client.sync.fetchers import Outcome
from client.sync.means import Means, Stopped
from client.sync.planner import plan
from client.sync.statements import Identity
from client.sync.transport import NotSent
from client.sync.witness import Witness, listed

log = logging.getLogger(__name__)

STRIKES = 3
"""Broken connections that end a look; one cut must not keep the other papers from being fetched."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a look did.

    Attributes:
        performed: Actions that were completed, in order.
        error: The first thing that went wrong, None after a complete look.
        problems: Everything that went wrong.
        reached: The service answered at least once.
        stopped: The brake ended it.
        fresh: Signed time and signed metadata both verified: the lease starts anew.
    """

    performed: tuple[Action, ...] = ()
    error: EcabinetError | None = None
    problems: tuple[EcabinetError, ...] = ()
    reached: bool = False
    stopped: bool = False
    fresh: bool = False


@dataclass
class _Course:
    """The look's own memory."""

    tried: set[Action] = field(default_factory=set)
    performed: list[Action] = field(default_factory=list)
    problems: list[EcabinetError] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    strikes: int = 0
    reached: bool = False
    timed: bool = False
    current: bool = False

    def report(self, *, stopped: bool = False) -> Report:
        return Report(
            performed=tuple(self.performed),
            error=self.problems[0] if self.problems else None,
            problems=tuple(self.problems),
            reached=self.reached,
            stopped=stopped,
            fresh=self.timed and self.current,
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """The service's time as it came, when it was asked for (monotonic seconds), and what it claims."""

    envelope: bytes
    asked: float
    claimed: Millis


class _Over(Exception):
    """The look ends here; its error is noted already."""


class Look:
    """Performs looks, one at a time.

    Args:
        means: Ports.
        identity: Whose statements the service is asked for after the start.
        clock: For measuring how long the service took to tell the time.
    """

    def __init__(self, means: Means, identity: Identity, clock: Clock) -> None:
        self._means = means
        self._clock = clock
        self._executor = Executor(means, AuditWatch(clock))
        self._witness = Witness(means, identity)
        self._witnessed = False
        self._prepared = False
        self._refused = False
        means.transport.request_time = means.time.request_time
        means.transport.may_go = means.brake.check
        means.transport.on_skew = self._learn_from_skew

    @property
    def active(self) -> bool:
        """Whether this device may act: the directory says so and the service did not refuse it since."""
        if self._refused:
            return False
        entry = self._means.trust.device(self._means.device)
        if entry is None:
            return self._means.trust.directory() is None
        return entry.state is DeviceState.ACTIVE and not self._ended(entry)

    @property
    def suspended(self) -> bool:
        """Whether the signed directory says that this device may not act; a mere refusal of the service does not."""
        directory = self._means.trust.directory()
        if directory is None:
            return False
        entry = self._means.trust.device(self._means.device)
        return entry is None or entry.state is not DeviceState.ACTIVE or self._ended(entry)

    def _ended(self, entry: DeviceEntry) -> bool:
        return from_rfc3339(entry.until) <= self._means.time.now()

    @property
    def wipe(self) -> bool:
        """Whether the registrar asked this device to destroy its keys and data."""
        entry = self._means.trust.device(self._means.device)
        return entry is not None and entry.state is DeviceState.WIPE

    def has(self, device: DeviceId) -> frozenset[int]:
        """Numbers of a device's statements that the service has."""
        return frozenset(each.n for each in listed(self._means, device))

    def progress(self) -> tuple[PackProgress, ...]:
        """Packs being fetched."""
        return self._executor.progress()

    def prepare(self) -> None:
        """Take up trust and time floor from the store, once."""
        if self._prepared:
            return
        self._means.trust.load()
        self._means.downloads.load()
        floor = self._means.record.read(trusted.floor).result()
        if floor is not None:
            self._means.time.raise_floor(from_rfc3339(floor))
        self._prepared = True

    def run(self) -> Report:
        """One look; raises nothing but bugs."""
        course = _Course()
        try:
            self.prepare()
            self._meet(course)
            if self._means.trust.directory() is not None:
                self._compare(course)
                self._work(course)
        except Stopped:
            return course.report(stopped=True)
        except _Over:
            pass
        except EcabinetError as error:
            if not self._means.brake.pulled:
                self._note(course, error)
        return course.report(stopped=self._means.brake.pulled)

    # -- time, trust, directory ------------------------------------------------------------------------------

    def _meet(self, course: _Course) -> None:
        """Rule 1 of the engine: untrusted metadata is told, a lost network ends the look."""
        means = self._means
        means.brake.check()
        told = self._ask_time(course)
        try:
            means.trust.refresh(means.transport, self._reference(told))
            self._refused = False
            course.current = True
        except ServiceRefused as error:
            self._note(course, error)
            if isinstance(error, DeviceRevoked) or error.problem == "unknown-device":
                self._refused = True
                sending.suspend_all(means)
            raise _Over from error
        except Untrusted as error:
            self._note(course, error)
        if told is not None and (course.current or not means.trust.service_keys()):
            self._believe_time(course, told)

    def _reference(self, told: _Told | None) -> Millis:
        """What end dates are judged by: the estimate, or the signed time that only a newer set can make believable."""
        time, known = self._means.time, self._means.trust.service_keys()
        return time.now() if told is None or not known else Millis(max(told.claimed, time.floor))

    def _ask_time(self, course: _Course) -> _Told | None:
        """The service's signed time, unless it was believed at once.

        Believed at once: signed by a known service, and not past the end of what the secretariat signed. A time
        beyond that is one at which nothing here would count any more: either a newer set is there, or the service's
        clock is wrong; it dates requests and moves nothing else before a newer set verified under it.
        """
        asked = self._clock.monotonic()
        envelope = self._means.transport.time()
        course.reached = True
        if self._means.trust.service_keys():
            try:
                claimed = self._signed_time(envelope)
            except Untrusted as error:
                self._means.time.forget()
                self._note(course, error)
                return None
            if self._is_beyond(claimed):
                self._means.time.date(claimed, asked=asked)
                return _Told(envelope, asked, claimed)
            self._believe_time(course, _Told(envelope, asked, claimed))
            return None
        try:
            payload, _ = dsse.peek_unverified(envelope, limit=codec.MAX_SMALL)
            claimed = from_rfc3339(codec.decode(payload, SignedTime, limit=codec.MAX_SMALL).now)
        except Untrusted as error:
            self._note(course, error)
            return None
        # Before the first directory there is no key to check it with: good enough to date a request, no more.
        self._means.time.learn(claimed, asked=asked, verified=False)
        return _Told(envelope, asked, claimed)

    def _believe_time(self, course: _Course, told: _Told) -> None:
        try:
            self._learn(self._signed_time(told.envelope), told.asked)
            course.timed = True
        except Untrusted as error:
            self._means.time.forget()
            self._note(course, error)

    def _signed_time(self, envelope: bytes) -> Millis:
        seen = receipts.signed(envelope, SignedTime, services=self._means.trust.service_keys())
        return from_rfc3339(seen.now)

    def _is_beyond(self, claimed: Millis) -> bool:
        until = self._means.trust.until()
        return until is not None and claimed > until

    def _learn(self, seen: Millis, asked: float) -> None:
        self._means.time.learn(seen, asked=asked)
        self._means.record.write(lambda conn: trusted.raise_floor(conn, Moment(to_rfc3339(seen)))).result()

    def _learn_from_skew(self, envelope: bytes | None) -> bool:
        """A clock-skew answer: whether its signed time verified, so that the request is worth signing again."""
        if envelope is None or not self._means.trust.service_keys():
            return False
        try:
            claimed = self._signed_time(envelope)
        except Untrusted as error:
            self._means.emit(Problem(error))
            return False
        if self._is_beyond(claimed):
            self._means.time.date(claimed, asked=self._clock.monotonic())
        else:
            self._learn(claimed, self._clock.monotonic())
        return True

    def _compare(self, course: _Course) -> None:
        """Ask once after the start what the service has of this device; a refusal must not hold up the outbox."""
        if self._witnessed or not self.active:
            return
        try:
            incomplete = self._witness.check()
        except (ServiceRefused, Unreachable, Untrusted) as error:
            if self._means.brake.pulled:
                raise Stopped from error
            self._note(course, error)
            if isinstance(error, NotSent):
                raise _Over from error
            return
        self._witnessed = True
        if incomplete is not None:
            self._note(course, incomplete)

    # -- the plan ------------------------------------------------------------------------------------------------

    def _work(self, course: _Course) -> None:
        means = self._means
        while True:
            if means.brake.urgent:  # news from the room: what was asked about before is asked about again
                course.tried -= {action for action in course.tried if isinstance(action, NEWS)}
            means.brake.settle()
            local, remote = self._executor.look(active=self.active)
            todo = [action for action in plan(local, remote) if self._open(action, course)]
            if not todo:
                return
            try:
                self._stretch(todo, course)
            finally:
                self._executor.drop()

    def _stretch(self, todo: Sequence[Action], course: _Course) -> None:
        stretch = phase(todo[0])
        todo = tuple(takewhile(lambda action: phase(action) == stretch, todo))
        for position, action in enumerate(todo):
            self._means.brake.check()
            self._executor.ahead(todo[position:])
            self._perform(action, course)
            if self._means.brake.urgent:
                return

    @staticmethod
    def _open(action: Action, course: _Course) -> bool:
        blocked = isinstance(action, SendStatement) and action.subject in course.blocked
        return action not in course.tried and not blocked

    def _perform(self, action: Action, course: _Course) -> None:
        try:
            outcome = self._executor.perform(action)
        except EcabinetError as error:
            self._failed(action, error, course)
            return
        if outcome is not Outcome.STEPPED_ASIDE:
            course.tried.add(action)
        if outcome is Outcome.DONE:
            course.performed.append(action)
        elif outcome is Outcome.NOT_YET:
            self._block(action, course)

    def _failed(self, action: Action, error: EcabinetError, course: _Course) -> None:
        """Rule 2 of the engine: pass over it, or end the look."""
        if self._means.brake.pulled:  # the cut was our own
            raise Stopped from error
        if not _expected(action, error):
            self._note(course, error, action)
        course.tried.add(action)
        self._block(action, course)
        course.strikes += isinstance(error, Unreachable)
        self._refused |= isinstance(error, DeviceRevoked)
        passed_over = isinstance(error, Unreachable | Untrusted | ServiceRefused)
        passed_over &= getattr(error, "retry_after_s", None) is None  # asked to leave the service alone
        if not passed_over or isinstance(error, NotSent | DeviceRevoked) or course.strikes >= STRIKES:
            raise _Over from error

    @staticmethod
    def _block(action: Action, course: _Course) -> None:
        if isinstance(action, SendStatement):
            course.blocked.add(action.subject)

    def _note(self, course: _Course, error: EcabinetError, action: Action | None = None) -> None:
        course.problems.append(error)
        log.info("sync: %s (%s)", error, "look" if action is None else type(action).__name__)
        self._means.emit(Problem(error, _subject(action)))


def _expected(action: Action, error: EcabinetError) -> bool:
    """What is merely not there yet.

    No envelope for this device: the publisher has not written it since the device was enrolled. No live session: the
    secretariat has not announced how it is to run. Nothing certified: the secretary has not decided.
    """
    missing = _MAY_BE_MISSING.get(type(action))
    return missing is not None and isinstance(error, ServiceRefused) and error.problem == missing


_MAY_BE_MISSING: Final[dict[type, str]] = {
    FetchKey: "not-found",
    RefreshSession: "session-unknown",
    CheckCertified: "not-found",
}


def _subject(action: Action | None) -> str:
    if isinstance(action, SendStatement):
        return action.subject
    return str(getattr(action, "poll", None) or getattr(action, "pack", None) or "")
