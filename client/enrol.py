# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new device becomes somebody's: keys made here, ticket handed in, fingerprint compared, PIN set.

Rules:
1. The PIN is set and the key file written *before* the ticket is handed in: a device that loses power after
   spending its ticket still has the keys the registrar is about to approve.
2. The keystore is tried before anything else; without a usable one nothing is made (never plaintext).
3. What the service answers about the member is kept as a claim; the signed directory decides (``Core``).
"""

from __future__ import annotations

import platform

import msgspec

from client import profile as profiles
from client.clock import Clock, to_rfc3339
from client.core import save_profile, tls_context
from client.crypto.fingerprint import qr_text
from client.crypto.kdf import Argon2Params
from client.crypto.metadata.verify import root_keys
from client.domain.ids import Moment
from client.errors import BadInput
from client.keys import device as devices
from client.keys.device import DeviceKeys, Fingerprint
from client.paths import ProfilePaths
from client.profile import Profile
from client.protocol.messages import Root
from client.surroundings import Surroundings, vault_of
from client.sync import enrolment
from client.sync.transport import Transport


class NewDevice:
    """One enrolment from first to last step; every method may block, none belongs on the GUI thread.

    Args:
        paths: The profile to fill; must not hold an enrolment.
        around: Keystore, clock, randomness.
        root: Whose signatures will count, as installed.
        server_url: The service.
        params: Cost of the PIN's key derivation; None for the default.

    Raises:
        BadInput: The profile is taken, or the address is not https (or loopback).
    """

    def __init__(
        self,
        paths: ProfilePaths,
        around: Surroundings,
        root: Root,
        server_url: str,
        *,
        ca_file: str | None = None,
        params: Argon2Params | None = None,
    ) -> None:
        if profiles.load(paths.profile) is not None:
            raise BadInput("profile: already enrolled")
        self._paths, self._around = paths, around
        self._transport = Transport(
            server_url,
            verify=tls_context(ca_file, around.policy.ca_pins),
            clock=around.clock,
            rng=around.rng,
            signer=None,
            proxy=around.policy.proxy,
        )
        ident = enrolment.new_device_id(around.rng)
        self._keys: DeviceKeys = devices.generate(ident, around.rng, anchors=root_keys(root.roots))
        self._profile = Profile(
            server_url=server_url,
            root=root,
            device=ident,
            name=platform.node()[:80],
            keystore=around.keystore.backend_name,
            digits=self._keys.fingerprint.digits24,
            qr=qr_text(ident, self._keys.fingerprint),
            ca_file=ca_file,
        )
        paths.create()
        self.vault = vault_of(paths, around, ident, params)
        self._requests: dict[str, bytes] = {}

    @property
    def fingerprint(self) -> Fingerprint:
        """What the registrar compares in person."""
        return self._keys.fingerprint

    @property
    def profile(self) -> Profile:
        """As far as it is known."""
        return self._profile

    def set_pin(self, pin: str) -> None:
        """Write the key file.

        Raises:
            BadInput: The PIN is too short or trivial.
            KeystoreUnavailable: Nothing was written.
        """
        self.vault.create(self._keys, pin)

    def hand_in(self, ticket: str) -> Profile:
        """Spend the ticket; the profile is kept from here on, pending.

        May be called again after a lost answer: the same bytes are sent, and the service knows them.

        Raises:
            BadInput: Not a ticket, or no PIN set.
            ServiceError: The wire; or refused: unknown, used or expired ticket.
        """
        if not self.vault.exists():
            raise BadInput("pin: not set")
        ticket = enrolment.read_ticket(ticket)
        if ticket not in self._requests:
            self._requests[ticket] = self._request(ticket)
        return self._keep(enrolment.enrol(self._transport, self._requests[ticket], device=self._profile.device))

    def close(self) -> None:
        """Give up the connection."""
        self._transport.close()

    def _request(self, ticket: str) -> bytes:
        return enrolment.request_bytes(
            device=self._profile.device,
            ticket=ticket,
            signing=self._keys.signing,
            seal_public=self._keys.sealing.public,
            name=self._profile.name,
            made=_now(self._around.clock),
        )

    def _keep(self, answer: enrolment.Enrolment) -> Profile:
        if answer.state == "refused":
            raise BadInput("enrolment refused")
        state = "active" if answer.state == "active" else "pending"
        self._profile = msgspec.structs.replace(self._profile, member=answer.member, state=state)
        save_profile(self._paths, self._profile)
        return self._profile


def ask_state(paths: ProfilePaths, profile: Profile, around: Surroundings) -> str:
    """Where an enrolment stands: ``pending``, ``active`` (kept in the profile) or ``refused``.

    Raises:
        ServiceError: The service could not be asked.
    """
    transport = Transport(
        profile.server_url,
        verify=tls_context(profile.ca_file, around.policy.ca_pins),
        clock=around.clock,
        rng=around.rng,
        signer=None,
        proxy=around.policy.proxy,
    )
    try:
        answer = enrolment.ask(transport, device=profile.device)
    finally:
        transport.close()
    if answer.state == "active":
        save_profile(paths, msgspec.structs.replace(profile, member=answer.member, state="active"))
    return answer.state


def _now(clock: Clock) -> Moment:
    return Moment(to_rfc3339(clock.now()))
