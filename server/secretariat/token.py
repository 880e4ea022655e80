# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys on a PKCS#11 token: a smart card, a USB token, a hardware module. The private half never leaves it.

A key is named by a URI as RFC 7512 writes it, ``pkcs11:token=LABEL;object=NAME?module-path=/path/to/module.so``.
Rules: one PIN try per act, never repeated by the program, because tokens lock themselves; the PIN is never part of
the URI; a signature is checked against the public half before anybody relies on it (``metadata.write``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import (
    NoSuchKey,
    NoSuchToken,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
    UserAlreadyLoggedIn,
)
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

from client.crypto.signing import public_from_der
from client.errors import BadInput, EnvironmentFault, Text

SCHEME: Final = "pkcs11:"
_CURVE: Final = "1.2.840.10045.3.1.7"  # secp256r1
_WRONG: Final = (PinIncorrect, PinInvalid, PinLenRange)


class WrongTokenPin(BadInput):
    """The token refused the PIN; it counts the tries itself."""

    code = "user.token_pin"
    title = Text("Mã PIN của token không đúng", "The token refused the PIN")
    next_step = Text(
        "Kiểm tra rồi chạy lại. Sai vài lần liên tiếp, token sẽ tự khóa.",
        "Check it and run the command again. After a few wrong tries the token locks itself.",
    )


class TokenFault(EnvironmentFault):
    """The token or its module does not work, is absent, or lacks the key."""

    code = "machine.token"
    title = Text("Không dùng được token", "The token cannot be used")
    next_step = Text(
        "Cắm lại token, kiểm tra đường dẫn mô-đun PKCS#11 và tên khóa.",
        "Plug the token in again; check the PKCS#11 module's path and the key's name.",
    )


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a key is: module, token label, object label."""

    module: Path
    token: str
    label: str


class TokenKey:
    """A key pair on a token; a ``SigningPort``. Each signature opens a session of its own.

    Args:
        keyid: The id it is known by.
        place: Where it is.
        pin: The user PIN.
        public: Its public half, ``p256:...``.
    """

    def __init__(self, keyid: str, place: TokenPlace, pin: str, public: str) -> None:
        self.keyid = keyid
        self.public = public
        self._place, self._pin = place, pin

    @property
    def key(self) -> TokenKey:
        """Itself."""
        return self

    def named(self, keyid: str) -> TokenKey:
        """The same under another id."""
        return TokenKey(keyid, self._place, self._pin, self.public)

    def __repr__(self) -> str:
        """Without the PIN."""
        return f"TokenKey({self.keyid})"

    def sign(self, data: bytes) -> bytes:
        """64 bytes over SHA-256 of ``data``.

        Raises:
            WrongTokenPin, TokenFault: The token does not sign.
        """
        digest = hashlib.sha256(data).digest()
        with _session(self._place, self._pin) as session:
            key = session.get_key(ObjectClass.PRIVATE_KEY, KeyType.EC, label=self._place.label)
            return bytes(key.sign(digest, mechanism=Mechanism.ECDSA))


def parse(uri: str) -> TokenPlace:
    """The place a URI names.

    Raises:
        BadInput: Not such a URI, or it holds a PIN.
    """
    path, _, query = uri.removeprefix(SCHEME).partition("?")
    if not uri.startswith(SCHEME):
        raise BadInput("token URI: pkcs11:...")
    parts = dict(part.partition("=")[::2] for part in path.split(";"))
    options = dict(parse_qsl(query, keep_blank_values=True))
    if "pin-value" in options or "pin-source" in options:
        raise BadInput("token URI: no PIN in it")
    token, label, module = unquote(parts.get("token", "")), unquote(parts.get("object", "")), options.get("module-path")
    if not token or not label or not module or not Path(module).is_absolute():
        raise BadInput("token URI: token=, object= and an absolute module-path= are needed")
    return TokenPlace(Path(module), token, label)


def generate(keyid: str, place: TokenPlace, pin: str) -> TokenKey:
    """A new key pair on the token, not extractable.

    Raises:
        BadInput: The token has a key of that name.
        WrongTokenPin, TokenFault: It was not made.
    """
    with _session(place, pin, write=True) as session:
        if _find(session, place.label) is not None:
            raise BadInput(f"token: there is a key named {place.label}")
        curve = session.create_domain_parameters(
            KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters(_CURVE)}, local=True
        )
        public, _ = curve.generate_keypair(
            store=True,
            label=place.label,
            private_template={Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True},
        )
        return TokenKey(keyid, place, pin, public_from_der(encode_ec_public_key(public)))


def open_(place: TokenPlace, pin: str) -> TokenKey:
    """A key that is on the token already, under its label.

    Raises:
        TokenFault: There is none of that name, or it is not P-256.
        WrongTokenPin: The PIN.
    """
    with _session(place, pin) as session:
        found = _find(session, place.label)
        if found is None:
            raise TokenFault(f"no key named {place.label}")
        return TokenKey(place.label, place, pin, public_from_der(encode_ec_public_key(found)))


def _find(session: Any, label: str) -> Any:
    try:
        return session.get_key(ObjectClass.PUBLIC_KEY, KeyType.EC, label=label)
    except NoSuchKey:
        return None


@contextmanager
def _session(place: TokenPlace, pin: str, *, write: bool = False) -> Iterator[Any]:
    """A session with the user logged in; the library's errors as ours."""
    try:
        token = pkcs11.lib(str(place.module)).get_token(token_label=place.token)
        with token.open(user_pin=pin, rw=write) as session:
            yield session
    except _WRONG as error:
        raise WrongTokenPin(place.token) from error
    except PinLocked as error:
        raise TokenFault(f"{place.token} is locked after too many wrong PINs") from error
    except NoSuchToken as error:
        raise TokenFault(f"no token named {place.token}") from error
    except NoSuchKey as error:
        raise TokenFault(f"no key named {place.label}") from error
    except (PKCS11Error, UserAlreadyLoggedIn, RuntimeError, OSError) as error:
        raise TokenFault(f"{place.module.name}: {type(error).__name__}") from error
