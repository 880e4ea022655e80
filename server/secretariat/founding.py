# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk's first state: all keys of a ceremony, each made where it will be kept, and the first root over them.

Rules: every place is looked at before the first key is made; a key that is kept elsewhere is not in the desk.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from client.clock import Millis
from client.crypto.hpke import SealingKey
from client.crypto.kdf import Argon2Params
from client.crypto.metadata.keys import HeldKey, SigningPort
from client.crypto.random import Random
from client.crypto.signing import SigningKey
from client.protocol.messages import KeyRole
from server.secretariat import ceremony, keyfile
from server.secretariat import places as keyplaces
from server.secretariat.model import DeskState, NamedKey
from server.secretariat.places import KeyPlaces

RECEIPT_ID: Final = "receipt-1"
KEYS: Final = "keys"
"""Folder of the root keys' files until somebody takes them to the safe."""


def new_state(
    body: str, where: KeyPlaces, service_key: str, *, now: Millis, rng: Random, params: Argon2Params
) -> DeskState:
    """What a new desk knows.

    Raises:
        DeskExists, BadInput: A place is taken, or is none.
        TokenFault, DeskFault: A key was not made.
    """
    offline, registrar, publisher = _new_keys(where, rng, params)
    service = KeyRole(RECEIPT_ID, service_key)
    return DeskState(
        body=body,
        registrar=registrar,
        publisher=publisher,
        reader=NamedKey("reader-1", SealingKey.generate().private_bytes().reveal()),
        services=(service,),
        trusted=ceremony.begin(
            offline,
            online=service,
            registrar=KeyRole(registrar.id, registrar.public),
            publisher=KeyRole(publisher.id, publisher.public),
            now=now,
        ),
    )


def beside(path: Path, passphrase: str) -> KeyPlaces:
    """Root keys beside the desk, under its passphrase."""
    files = (path / KEYS / f"root-{number}{keyfile.SUFFIX}" for number in range(1, ceremony.ROOT_KEYS + 1))
    return KeyPlaces(tuple(str(file) for file in files), secrets=lambda _name: passphrase)


def _new_keys(where: KeyPlaces, rng: Random, params: Argon2Params) -> tuple[list[SigningPort], NamedKey, NamedKey]:
    """All keys of a ceremony; every place is looked at before the first key is made."""
    for place in filter(None, (*where.root, where.registrar, where.publisher)):
        keyplaces.check_new(place)
    offline = [
        keyplaces.make(f"root-{number}", place, where.secrets, rng=rng, params=params)
        for number, place in enumerate(where.root, 1)
    ]
    daily = []
    for keyid, place in (("registrar-1", where.registrar), ("publisher-1", where.publisher)):
        made = keyplaces.make(keyid, place, where.secrets, rng=rng, params=params) if place else None
        daily.append(named(made or HeldKey(keyid, SigningKey.generate()), place))
    return offline, daily[0], daily[1]


def named(port: SigningPort, place: str) -> NamedKey:
    """A key as the desk keeps it: itself, or where it is."""
    if isinstance(port.key, SigningKey) and not place:
        return NamedKey(port.keyid, port.key.private_bytes().reveal(), public=port.public)
    return NamedKey(port.keyid, b"", place, port.public)
