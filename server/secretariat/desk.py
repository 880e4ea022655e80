# SPDX-License-Identifier: AGPL-3.0-or-later
"""The secretariat's desk: one object for the command line, the demo and tests.

A thin front: every act is decided in the module it is named after. One process works at a desk at a time.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import structs

from client.clock import Clock
from client.crypto.kdf import Argon2Params
from client.crypto.metadata import verify
from client.crypto.metadata.keys import SigningPort
from client.crypto.random import Random
from client.errors import EcabinetError
from client.protocol.messages import DeviceEntry, MemberEntry, Root
from server.secretariat import (
    carried,
    desk_file,
    enrolment,
    founding,
    keys,
    members,
    plans,
    publish,
    recall,
    release,
    replace,
    wiping,
)
from server.secretariat import places as keyplaces
from server.secretariat.ballots import Renewal
from server.secretariat.carried import TakenReport
from server.secretariat.core import DeskCore
from server.secretariat.desk_file import FILE_NAME, DeskExists, DeskMissing, Lock, SealedFile
from server.secretariat.desk_polls import PollDesk
from server.secretariat.enrolment import DeviceReport, OpenedTicket, Waiting
from server.secretariat.keys import KeyLine
from server.secretariat.members import MembersReport, ServesReport
from server.secretariat.model import DeskFile, NamedKey, PackRecord
from server.secretariat.places import KeyPlaces, Secrets
from server.secretariat.publish import Progress
from server.secretariat.reports import FolderReport, PublishReport
from server.secretariat.transport import ServiceClient
from server.secretariat.wiping import WipeOrder


class Desk(PollDesk):
    """An open desk; use :meth:`create` or :meth:`open`, and close it (or use ``with``).

    Args:
        core: State, keys and connection.
        lock: Held until closed.
    """

    def __init__(self, core: DeskCore, lock: Lock) -> None:
        super().__init__(core)
        self._lock = lock

    @classmethod
    def create(
        cls,
        path: Path,
        passphrase: str,
        body: str,
        clock: Clock,
        rng: Random,
        *,
        service_key: str,
        params: Argon2Params | None = None,
        places: KeyPlaces | None = None,
    ) -> Self:
        """A new desk with fresh keys: the whole key ceremony.

        Args:
            path: Its folder; made if missing.
            passphrase: At least 12 characters.
            body: Name of the body, shown to its members.
            clock: The time.
            rng: Randomness.
            service_key: The service's own public key, ``p256:...``.
            params: Cost of the passphrase.
            places: Where root keys, registrar's and publisher's key are kept. Without it the three root keys lie in
                files in ``keys/`` under the desk's passphrase, to be moved (docs/key-ceremony.md); the others in the
                desk.

        Raises:
            DeskExists: There is a desk, or a key, already; it was not touched.
            BadInput: The passphrase is too short, or a place is none.
        """
        if (path / FILE_NAME).exists():
            raise DeskExists
        desk_file.check_passphrase(passphrase)
        cost = params or Argon2Params()
        where = places or founding.beside(path, passphrase)
        state = founding.new_state(body, where, service_key, now=clock.now(), rng=rng, params=cost)
        content = DeskFile(state)
        file = SealedFile.create(path, passphrase, content, rng=rng, params=cost)
        made = cls(DeskCore(path, file, content, clock=clock, rng=rng), Lock(path))
        made.ask_secrets(where.secrets, testing=cost.testing)
        return made

    @classmethod
    def open(cls, path: Path, passphrase: str, clock: Clock, rng: Random, *, testing: bool = False) -> Self:
        """An existing desk.

        Raises:
            DeskMissing, WrongPassphrase: It cannot be opened.
            StoreBusy: Another process has it open.
        """
        if not (path / FILE_NAME).is_file():
            raise DeskMissing
        lock = Lock(path)
        try:
            file, content = SealedFile.open(path, passphrase, rng=rng, testing=testing)
        except EcabinetError:
            lock.release()
            raise
        return cls(DeskCore(path, file, content, clock=clock, rng=rng), lock)

    def ask_secrets(self, secrets: Secrets, *, testing: bool = False) -> None:
        """Whom to ask for passphrase or PIN of keys that are kept elsewhere."""

        def unlock(named: NamedKey) -> SigningPort:
            return keyplaces.open_(named.place, secrets, {named.id: named.public}, testing=testing)

        self._core.unlock = unlock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connection and let other processes in."""
        if self._core.service is not None:
            self._core.service.close()
            self._core.service = None
        self._lock.release()

    # -- what it knows ----------------------------------------------------------------------------------

    def root(self) -> Root:
        """Whose signatures count: what the service and every client are given."""
        return self._core.root()

    @property
    def server(self) -> str:
        """The service's URL used last, or empty."""
        return self._core.state.server

    @property
    def members(self) -> tuple[MemberEntry, ...]:
        """Members as noted here."""
        return self._core.state.members

    @property
    def devices(self) -> tuple[DeviceEntry, ...]:
        """Devices as last published."""
        return self._core.state.devices

    @property
    def packs(self) -> tuple[PackRecord, ...]:
        """Packs as last published."""
        return tuple(self._core.state.packs.values())

    @property
    def released(self) -> int:
        """How many releases reached the service."""
        return self._core.state.released

    @property
    def is_interrupted(self) -> bool:
        """Whether a release is on its way."""
        return self._core.pending is not None

    # -- connection and directory -----------------------------------------------------------------------

    def connect(self, base_url: str, *, verify: ssl.SSLContext | None = None) -> None:
        """Use the service at ``base_url``; nothing is sent yet.

        Raises:
            BadInput: Not https, nor http on this machine.
        """
        core = self._core
        self.use(
            ServiceClient(
                base_url,
                publisher=core.publisher,
                registrar=core.registrar,
                clock=core.clock,
                rng=core.rng,
                verify=verify,
            )
        )

    def use(self, service: ServiceClient) -> None:
        """Use a connection made elsewhere."""
        if self._core.service is not None:
            self._core.service.close()
        self._core.service = service
        if service.base_url != self._core.state.server:
            self._core.edit(lambda state: structs.replace(state, server=service.base_url))

    def import_members(self, path: Path, *, dry_run: bool = False) -> MembersReport:
        """Take members from a CSV file; sent at once when connected."""
        return members.import_members(self._core, path, dry_run=dry_run)

    def set_serves(self, aide: str, wanted: Sequence[str], *, dry_run: bool = False) -> ServesReport:
        """Say whom an aide serves; sent at once when connected."""
        return members.set_serves(self._core, aide, wanted, dry_run=dry_run)

    def publish_directory(self) -> bool:
        """Bring members, devices and service keys to the service if they changed."""
        return members.flush(self._core)

    def finish(self) -> bool:
        """Finish an interrupted release as it was prepared; returns whether there was one."""
        if release.settle(self._core):
            return True
        if self._core.pending is None:
            return False
        release.send(self._core, resumed=True)
        return True

    # -- keys -------------------------------------------------------------------------------------------

    def key_status(self) -> tuple[KeyLine, ...]:
        """Who signs what, and how long it counts."""
        return keys.status(self._core)

    def replace_root_key(self, old: str, new: SigningPort | None, *, signers: Sequence[SigningPort]) -> bool:
        """Replace one root key; without ``new`` prolong root and targets."""
        return keys.replace_root(self._core, old, new, signers=signers)

    def replace_role_key(self, role: str, new: SigningPort, place: str, *, signers: Sequence[SigningPort]) -> bool:
        """Replace the registrar's or the publisher's key; ``place`` is where it is kept, empty for the desk."""
        return keys.replace_role(self._core, role, new, founding.named(new, place), signers=signers)

    def resume_key_replacement(self, role: str) -> bool:
        """Finish a replacement of this role's key that was cut; returns whether there was one."""
        return keys.resume(self._core, role)

    def root_keys(self) -> Mapping[str, str]:
        """The root keys of today: id to public key."""
        return verify.root_keys(self._core.state.trusted.roots)

    def next_key_id(self, prefix: str) -> str:
        """An id that no key here ever had."""
        return keys.next_id(self._core, prefix)

    # -- devices ----------------------------------------------------------------------------------------

    def open_ticket(self, member: str) -> OpenedTicket:
        """A one-time ticket for a new device of a member."""
        return enrolment.open_ticket(self._core, member)

    def pending(self) -> tuple[Waiting, ...]:
        """Devices that wait for the comparison in person."""
        return enrolment.pending(self._core)

    def wiped(self) -> tuple[WipeOrder, ...]:
        """Orders to erase a device, and which were carried out."""
        return wiping.orders(self._core)

    def approve(self, device: str, proof: str, *, dry_run: bool = False) -> DeviceReport:
        """Make a device active after its 24 digits were compared."""
        return enrolment.approve(self._core, device, proof, dry_run=dry_run)

    def revoke(self, device: str, *, wipe: bool = False, dry_run: bool = False) -> DeviceReport:
        """End a device."""
        return enrolment.revoke(self._core, device, wipe=wipe, dry_run=dry_run)

    # -- packs, polls, comments -------------------------------------------------------------------------

    def check_folder(self, folder: Path) -> FolderReport:
        """What publishing the folder would do; sends nothing."""
        return publish.check(self._core, folder)

    def publish(self, folder: Path, *, dry_run: bool = False, progress: Progress | None = None) -> PublishReport:
        """Publish a folder, or finish an interrupted publish of it."""
        report = publish.publish(self._core, folder, dry_run=dry_run, progress=progress)
        if not dry_run:
            plans.flush(self._core)
        return report

    def replace_paper(
        self,
        pack: str,
        paper: str,
        file: Path,
        *,
        renewal: Renewal | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> PublishReport:
        """Replace one paper of a published pack; a ``renewal`` voids open ballots on it and asks anew."""
        report = replace.replace_paper(
            self._core, pack, paper, file, renewal=renewal, dry_run=dry_run, progress=progress
        )
        if not dry_run:
            plans.flush(self._core)
        return report

    def recall(
        self, pack: str, paper: str | None = None, *, hide_title: bool = False, dry_run: bool = False
    ) -> PublishReport:
        """Withdraw a paper or a whole pack: members' devices erase it."""
        return recall.recall(self._core, pack, paper, hide_title=hide_title, dry_run=dry_run)

    def take_statements(self, files: Sequence[Path], *, dry_run: bool = False) -> TakenReport:
        """Hand in acts that members carried here, and write their receipts."""
        return carried.take(self._core, files, dry_run=dry_run)
