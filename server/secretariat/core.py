# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk in memory: its state, its keys, and the only way to change either.

Rules: every change is written to the sealed file before anything relies on it; keys are made here from the state
and nowhere else; without a connection nothing is sent. Holds no procedure: that is in the modules beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from msgspec import structs

from client.clock import Clock, Millis, to_rfc3339
from client.crypto.hpke import SealingKey
from client.crypto.metadata.keys import HeldKey, SigningPort
from client.crypto.random import Random
from client.crypto.secret import Secret
from client.crypto.signing import SigningKey
from client.domain.ids import Moment
from client.errors import BadInput
from client.protocol.messages import Reader, Root
from server.secretariat.desk_file import SealedFile
from server.secretariat.model import DeskFile, DeskState, NamedKey, Pending
from server.secretariat.transport import ServiceClient

SPOOL: str = "spool"
"""Folder for sealed papers on their way; nothing in clear is ever written there."""


class DeskCore:
    """State, keys, clock, randomness and the way to the service.

    Args:
        path: The desk's folder.
        file: The sealed file, already opened.
        content: What it held.
        clock, rng: The machine's or a test's.
    """

    def __init__(self, path: Path, file: SealedFile, content: DeskFile, *, clock: Clock, rng: Random) -> None:
        self.path = path
        self.clock = clock
        self.rng = rng
        self.service: ServiceClient | None = None
        self.unlock = _nobody_to_ask
        self._unlocked: dict[str, SigningPort] = {}
        self._file = file
        self._content = content

    @property
    def state(self) -> DeskState:
        """What is published, and what was noted since."""
        return self._content.now

    @property
    def pending(self) -> Pending | None:
        """A release on its way."""
        return self._content.pending

    @property
    def spool(self) -> Path:
        """Where sealed papers wait."""
        return self.path / SPOOL

    def save(self, state: DeskState, pending: Pending | None = None) -> None:
        """Make this the desk, durably.

        Raises:
            DiskFull, DeskFault: Nothing changed.
        """
        content = DeskFile(state, pending)
        self._file.write(content)
        self._content = content

    def edit(self, change: Callable[[DeskState], DeskState]) -> None:
        """Note a change that needs no release; a release on its way keeps it too."""
        pending = self.pending
        kept = structs.replace(pending, after=change(pending.after)) if pending is not None else None
        self.save(change(self.state), kept)

    def require_service(self) -> ServiceClient:
        """The connection.

        Raises:
            BadInput: None was made.
        """
        if self.service is None:
            raise BadInput("server: none given")
        return self.service

    def now(self, plus_s: int = 0) -> Moment:
        """The time, ``plus_s`` seconds from now."""
        return Moment(to_rfc3339(Millis(self.clock.now() + plus_s * 1000)))

    @property
    def publisher(self) -> SigningPort:
        """Signs papers' metadata, envelopes, rule sets, polls and their requests."""
        return self._signer(self.state.publisher)

    @property
    def registrar(self) -> SigningPort:
        """Signs the directory, its metadata and tickets."""
        return self._signer(self.state.registrar)

    @cached_property
    def reader(self) -> SealingKey:
        """Opens comments."""
        return SealingKey.from_private(Secret(self.state.reader.private))

    def reader_entry(self) -> Reader:
        """The reader as the directory lists it."""
        return Reader(self.state.reader.id, self.reader.public)

    def _signer(self, named: NamedKey) -> SigningPort:
        """A key of the desk, or one kept elsewhere, asked for once.

        Raises:
            BadInput, TokenFault: It cannot be had.
            SignatureInvalid: What is kept there is another key.
        """
        if not named.place:
            return HeldKey(named.id, SigningKey.from_private(Secret(named.private)))
        if named.id not in self._unlocked:
            self._unlocked[named.id] = self.unlock(named)
        return self._unlocked[named.id]

    def root(self) -> Root:
        """What a client is given at installation."""
        return Root(
            body=self.state.body,
            roots=self.state.trusted.roots,
            targets=self.state.trusted.targets,
        )


def _nobody_to_ask(named: NamedKey) -> SigningPort:
    raise BadInput(f"{named.id}: kept elsewhere, and nobody can be asked for its passphrase or PIN")
