# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a signing key is kept: in a sealed file, or on a PKCS#11 token; spelt as a path or a ``pkcs11:`` URI.

Decides how a place is read and what must be asked for. The secret of a place (passphrase or PIN) is asked for by the
key's name, once per act, and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from client.crypto.kdf import Argon2Params
from client.crypto.metadata.keys import HeldKey, SigningPort
from client.crypto.random import Random
from client.crypto.signing import SigningKey
from client.errors import BadInput, SignatureInvalid
from server.secretariat import keyfile, token

Secrets = Callable[[str], str]
"""The passphrase or PIN of a key, by its name."""


@dataclass(frozen=True, slots=True)
class KeyPlaces:
    """Where the keys of a ceremony go.

    Attributes:
        root: Three places.
        registrar, publisher: A place, or empty for the desk itself.
        secrets: Asked once for each of them.
    """

    root: tuple[str, ...]
    secrets: Secrets
    registrar: str = ""
    publisher: str = ""


def make(keyid: str, place: str, secrets: Secrets, *, rng: Random, params: Argon2Params) -> SigningPort:
    """A new key in a place.

    Raises:
        DeskExists: There is a file; ``BadInput``: there is a key on the token, or the passphrase is too short.
        TokenFault, DeskFault: It was not made.
    """
    if place.startswith(token.SCHEME):
        return token.generate(keyid, token.parse(place), secrets(keyid))
    held = HeldKey(keyid, SigningKey.generate())
    keyfile.write(Path(place), held, secrets(keyid), rng=rng, params=params)
    return held


def check_new(place: str) -> None:
    """Whether a key could go there, as far as that can be told without touching it.

    Raises:
        BadInput: Not a place, or a file is there.
    """
    if place.startswith(token.SCHEME):
        token.parse(place)
    elif not place or Path(place).exists():
        raise BadInput(f"key place: {Path(place).name or 'empty'} is taken")


def open_(place: str, secrets: Secrets, known: Mapping[str, str], *, testing: bool = False) -> SigningPort:
    """The key in a place, as one of the ``known`` (id to public key).

    Raises:
        SignatureInvalid: It is none of them.
        WrongPassphrase, WrongTokenPin: The secret.
        BadInput, FormatRefused, TokenFault: There is no key.
    """
    by_public = {public: keyid for keyid, public in known.items()}
    if place.startswith(token.SCHEME):
        found = token.parse(place)
        port = token.open_(found, secrets(found.label))
        if port.public not in by_public:
            raise SignatureInvalid(f"{found.label}: not a key that counts here")
        return port.named(by_public[port.public])
    half = keyfile.public_half(Path(place))
    if known.get(half.id) != half.sign:
        raise SignatureInvalid(f"{half.id}: not a key that counts here")
    return keyfile.open_(Path(place), secrets(half.id), testing=testing)
