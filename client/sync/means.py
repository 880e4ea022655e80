# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the engine's actions work with, built once by the composition root, and the brake that ends them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from client.crypto.hpke import SealingKey
from client.crypto.random import Random
from client.crypto.signing import SigningKey
from client.domain.ids import DeviceId, MemberId
from client.store.gate import Gate
from client.sync.choices import Downloads
from client.sync.events import EngineEvent
from client.sync.timekeeper import Timekeeper
from client.sync.transport import Transport
from client.sync.trust import Trust


class Stopped(Exception):
    """The brake was pulled; everything done so far is kept."""


class Brake:
    """Ends or interrupts a look from another thread."""

    def __init__(self) -> None:
        self._pulled = threading.Event()
        self._urgent = threading.Event()

    def pull(self) -> None:
        """End the look at the next chunk or action."""
        self._pulled.set()

    def release(self) -> None:
        """Looks may run again."""
        self._pulled.clear()

    def check(self) -> None:
        """Return only while the look may go on.

        Raises:
            Stopped: It may not.
        """
        if self._pulled.is_set():
            raise Stopped

    @property
    def pulled(self) -> bool:
        """Whether looks must not run."""
        return self._pulled.is_set()

    def hurry(self) -> None:
        """An act was saved: downloads step aside for it."""
        self._urgent.set()

    @property
    def urgent(self) -> bool:
        """Whether something waits that must not wait behind a download."""
        return self._urgent.is_set()

    def settle(self) -> None:
        """The outbox is being looked at: nothing is urgent any more."""
        self._urgent.clear()


@dataclass(frozen=True)
class Means:
    """Ports and values of one device.

    Attributes:
        member, device: Whose.
        sealing: Opens envelopes.
        signing: Signs batches of notes; acts are signed in ``acts`` alone.
        transport, trust: The service, and what of it to believe.
        record, papers: The two store gates.
        time: The estimate of present time.
        emit: Tells subscribers.
        brake: Ends or interrupts a look.
        rng: For keys of batches.
        downloads: What the member holds, and wants first.
        held: Statements whose save steps are not finished: never sent.
        catch_up: Moves the freshness anchor after acts came back from the service.
        streams: Papers fetched at once.
    """

    member: MemberId
    device: DeviceId
    sealing: SealingKey
    signing: SigningKey
    transport: Transport
    trust: Trust
    record: Gate
    papers: Gate
    time: Timekeeper
    brake: Brake
    rng: Random
    downloads: Downloads
    emit: Callable[[EngineEvent], None]
    held: Callable[[], frozenset[int]]
    catch_up: Callable[[], Future[None]] | None = None
    streams: int = 1
