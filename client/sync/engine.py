# SPDX-License-Identifier: AGPL-3.0-or-later
"""The loop: look, plan, act, wait; and the one status that screens show.

A look (``run_once``) is deterministic given clock and service: time and index first, then the outbox, then
manifests and polls, then papers. It can be run without the thread, which only decides when.

Rules:
1. A failed index does not stop the outbox: with a directory believed from before, votes still go out.
2. One bad thing (an envelope, a paper, a forged receipt) is told and passed over; a lost network, a revoked device
   or a machine fault ends the look.
3. An act saved during a download is sent before the download goes on.
4. ``stop()``, ``pause()`` and ``set_offline(True)`` end a running look at the next chunk, wake a read that waits
   on the socket, and keep all that was committed.
5. Nobody is told anything on the caller's thread: listeners run on the engine's thread and return at once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Final

from client.clock import Clock, from_rfc3339
from client.crypto.hpke import SealingKey
from client.crypto.random import Random
from client.domain.ids import DeviceId
from client.domain.lease import DEFAULT_DAYS
from client.domain.outbox import OutboxItem
from client.errors import EcabinetError, InternalFault, Unreachable
from client.store import outbox, settings
from client.store.changes import ChangeSet, Topic
from client.store.gate import Gate
from client.sync import schedule
from client.sync.carried import Carrier
from client.sync.choices import Downloads
from client.sync.events import (
    Connectivity,
    EngineEvent,
    PackProgress,
    PackReady,
    Problem,
    ReceiptArrived,
    SyncFinished,
    SyncStarted,
    SyncStatus,
)
from client.sync.freshness import Freshness
from client.sync.look import Look, Report
from client.sync.means import Brake, Means
from client.sync.statements import Identity
from client.sync.timekeeper import Timekeeper
from client.sync.transport import Transport
from client.sync.trust import Trust

__all__ = [
    "Connectivity",
    "Engine",
    "EngineEvent",
    "PackProgress",
    "PackReady",
    "Problem",
    "ReceiptArrived",
    "Report",
    "SyncFinished",
    "SyncStarted",
    "SyncStatus",
]

log = logging.getLogger(__name__)

_URGENT: Final = frozenset({"act", "session", "poll"})
_OTHER_LINE: Final = frozenset({"network", "wake"})
LAST_SYNC: Final = "sync.last"
STOP_S: Final = 1.0
Listener = Callable[[EngineEvent], None]


class Engine:
    """Keeps one device in step with the service.

    Args:
        identity: Member, device, and its key, which signs batches of notes here.
        sealing: The device's sealing key.
        transport: Signed with the device's key; the engine dates its requests from now on.
        trust: What to believe.
        record, papers: The store gates, started.
        time: The estimate of present time, shared with ``Acts``.
        clock: For waiting.
        rng: For spreading retries.
        held: ``Acts.held``: numbers that must not be sent.
        catch_up: ``Acts.catch_up``: moves the anchor after acts came back from the service.
        pace: How often to look, how much at once.
        lease_days: How long this device stays open without the service.

    Attributes:
        carrier: Hands acts out as files, takes receipts from files.
        downloads: What the member holds and wants first.
    """

    def __init__(
        self,
        identity: Identity,
        *,
        sealing: SealingKey,
        transport: Transport,
        trust: Trust,
        record: Gate,
        papers: Gate,
        time: Timekeeper,
        clock: Clock,
        rng: Random,
        held: Callable[[], frozenset[int]] = frozenset,
        catch_up: Callable[[], Future[None]] | None = None,
        pace: schedule.Pace = schedule.USUAL,
        lease_days: int = DEFAULT_DAYS,
    ) -> None:
        self._transport, self._record = transport, record
        self._time, self._clock, self._rng = time, clock, rng
        self._pace, self._brake = pace, Brake()
        self._freshness = Freshness(record, time, lease_days)
        self._listeners: tuple[Listener, ...] = ()
        self._status, self._failures = SyncStatus(), 0
        self._waiting: tuple[OutboxItem, ...] = ()
        self._cond, self._run_lock = threading.Condition(), threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = self._poked = self._offline = self._paused = False
        self._next_at: float | None = None
        self.downloads = Downloads(record, papers, self._replan)
        means = Means(
            member=identity.member,
            device=identity.device,
            sealing=sealing,
            signing=identity.signing,
            transport=transport,
            trust=trust,
            record=record,
            papers=papers,
            time=time,
            brake=self._brake,
            rng=rng,
            downloads=self.downloads,
            emit=self._emit,
            held=held,
            catch_up=catch_up,
            streams=pace.streams,
        )
        self._look = Look(means, identity, clock)
        self.carrier = Carrier(means)
        self._unsubscribe = record.subscribe(self._changed)

    # -- for screens ------------------------------------------------------------------------------------------

    def status(self) -> SyncStatus:
        """Where synchronisation stands; never waits."""
        with self._cond:
            status, next_at = self._status, self._next_at
            waiting = len(self._waiting)
        return replace(
            status,
            pending=waiting,
            progress=self._look.progress(),
            next_try_s=None if next_at is None else max(0.0, next_at - self._clock.monotonic()),
            last_sync=self._time.last_sync,
            lease=self._freshness.lease(),
        )

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event, on the engine's thread; call the result to stop."""
        with self._cond:
            self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            with self._cond:
                self._listeners = tuple(known for known in self._listeners if known is not listener)

        return unsubscribe

    def poke(self, reason: str = "") -> None:
        """Look soon.

        An act and news from the room also interrupt a download, so that they come first. After a change of network or
        a sleep what is in flight waits on a dead line: it is cut, and the look made again.
        """
        if reason in _URGENT:
            self._brake.hurry()
        if reason in _OTHER_LINE:
            self._transport.abort()
        with self._cond:
            self._poked = True
            self._cond.notify_all()

    def _replan(self) -> None:
        """The member chose differently: a download steps aside, and the plan is made anew."""
        self._brake.hurry()
        self.poke("choice")

    def set_offline(self, offline: bool) -> None:
        """Work offline: no look runs, nothing is sent, a running look ends now."""
        with self._cond:
            self._offline = offline
            if offline:
                self._status = replace(self._status, online=self._away())
        self._halt_or_go()

    def pause(self) -> None:
        """Stop looking for a while (lid closed, screen locked by policy)."""
        with self._cond:
            self._paused = True
        self._halt_or_go()

    def resume(self) -> None:
        """Look again, at once."""
        with self._cond:
            self._paused = False
        self._halt_or_go()

    def has(self, device: DeviceId) -> frozenset[int]:
        """Numbers of a device's statements that the service has; waits for the network.

        Raises:
            ServiceError, Untrusted: It could not be asked, or its list does not verify.
        """
        return self._look.has(device)

    # -- life -----------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Take up what earlier runs believed: trust, time floor, last synchronisation. Waits for the store.

        Raises:
            Untrusted: What was kept no longer verifies.
            EnvironmentFault: The store cannot be used.
        """
        self._look.prepare()
        self._freshness.load()
        last = self._record.read(lambda conn: settings.get(conn, LAST_SYNC, str, "")).result()
        if last:
            self._time.synced(from_rfc3339(last))
        waiting = self._record.read(outbox.pending).result()
        with self._cond:
            self._waiting = waiting
            seen = Connectivity.OFFLINE if last else Connectivity.NEVER
            self._status = self._standing(replace(self._status, online=seen))

    def start(self) -> None:
        """Start the thread; the first look begins at once."""
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._thread.start()

    def stop(self) -> bool:
        """End the thread, mid-download if need be; before the gates stop.

        Returns:
            Whether it ended within a second. If not it hangs in a connection attempt and will touch nothing more.
        """
        with self._cond:
            self._stopping = True
            self._cond.notify_all()
        self._brake.pull()
        self._transport.abort()
        self._unsubscribe()
        if self._thread is None:
            return True
        self._thread.join(STOP_S)
        return not self._thread.is_alive()

    def run_once(self) -> Report:
        """One look, on the caller's thread; the thread must not be running.

        Returns:
            What was done and why it ended.
        """
        with self._run_lock:
            if self._brake.pulled:
                return Report(stopped=True)
            self._begin()
            report = self._look.run()
            self._finish(report)
            return report

    # -- inside ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while self._await_turn():
            try:
                self.run_once()
            except Exception as error:  # the thread's boundary: a bug must not end synchronisation for good
                if self._stopping:  # the gates went first
                    return
                log.exception("look failed")
                self._fail(error)

    def _await_turn(self) -> bool:
        """Wait until a look is due; False when stopping."""
        with self._cond:
            while not self._stopping:
                held = self._offline or self._paused
                due = self._poked or self._next_at is None or self._clock.monotonic() >= self._next_at
                if due and not held:
                    self._poked = False
                    return True
                wait = None if held or self._next_at is None else self._next_at - self._clock.monotonic()
                self._cond.wait(wait)
            return False

    def _begin(self) -> None:
        self._brake.settle()  # this look starts with the outbox; left set, a failed look would follow the next at once
        with self._cond:
            self._poked = False
            self._next_at = None
            self._status = replace(self._status, working=True)
        self._emit(SyncStarted())

    def _finish(self, report: Report) -> None:
        complete = report.error is None and not report.stopped
        if complete:
            now = self._time.moment()
            self._time.synced(self._time.now())
            self._record.write(lambda conn: settings.put(conn, LAST_SYNC, now)).result()
        self._freshness.note(fresh=report.fresh)
        pending = self._record.read(outbox.pending).result()
        with self._cond:
            self._waiting = pending
            self._failures = 0 if complete or report.stopped else self._failures + 1
            self._next_at = self._clock.monotonic() + self._delay(report)
            online = Connectivity.ONLINE if report.reached and not report.stopped else self._away()
            self._status = self._standing(replace(self._status, working=False, online=online, error=report.error))
            if self._brake.urgent:
                self._poked = True
        self._emit(SyncFinished(self.status()))

    def _standing(self, status: SyncStatus) -> SyncStatus:
        """With what directory and service say of this device."""
        look = self._look
        return replace(status, active=look.active, suspended=look.suspended, wipe=look.wipe)

    def _fail(self, error: Exception) -> None:
        """A look broke off: say so and come back later."""
        known = error if isinstance(error, EcabinetError) else InternalFault(type(error).__name__)
        with self._cond:
            self._failures += 1
            self._next_at = self._clock.monotonic() + schedule.ceiling_s(self._failures)
            self._status = replace(self._status, working=False, error=known)
        self._emit(SyncFinished(self.status()))

    def _delay(self, report: Report) -> float:
        draw = int.from_bytes(self._rng(4), "big") / 2**32
        closes = self._first_close_in_s()
        if self._failures == 0:
            idle = schedule.idle_delay_s(draw=draw, interval_s=self._pace.idle_s)
            return schedule.hurry_s(idle, draw=draw, closes_in_s=closes)
        asked = [error.retry_after_s for error in report.problems if isinstance(error, Unreachable)]
        after = max((seconds for seconds in asked if seconds is not None), default=None)
        return schedule.retry_delay_s(self._failures, draw=draw, retry_after_s=after, closes_in_s=closes)

    def _first_close_in_s(self) -> float | None:
        now = self._time.now()
        ends = [(from_rfc3339(item.deadline) - now) / 1000 for item in self._waiting if item.deadline is not None]
        return min((end for end in ends if end > 0), default=None)

    def _away(self) -> Connectivity:
        never = self._time.last_sync is None
        return Connectivity.NEVER if never else Connectivity.OFFLINE

    def _halt_or_go(self) -> None:
        with self._cond:
            held = self._offline or self._paused
        if held:
            self._brake.pull()
            self._transport.abort()
            return
        if not self._stopping:
            self._brake.release()
        self.poke("resume")

    def _emit(self, event: EngineEvent) -> None:
        for listener in self._listeners:
            try:
                listener(event)
            except Exception as error:  # noqa: BLE001 - one listener must not end a look or hide it from others
                log.error("engine listener failed with %s", type(error).__name__)  # noqa: TRY400 - no foreign text

    def _changed(self, changes: ChangeSet) -> None:
        """On the gate's thread: count again what waits, without waiting for it."""
        if Topic.OUTBOX in changes.topics:
            self._recount(self._record.read(outbox.pending))

    def _recount(self, future: Future[tuple[OutboxItem, ...]]) -> None:
        def done(counted: Future[tuple[OutboxItem, ...]]) -> None:
            if counted.cancelled() or counted.exception() is not None:
                return  # the gate is closing or broken: whoever reads next is told
            with self._cond:
                self._waiting = counted.result()

        future.add_done_callback(done)
