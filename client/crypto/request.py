# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed requests: RFC 9421 with one fixed shape, used by both ends.

A signature covers ``@method``, ``@target-uri`` and each of ``content-type``, ``content-digest``,
``idempotency-key`` that the request carries; its parameters are ``created``, ``keyid``, ``alg``, ``nonce``
and ``tag="ecab-v1"``, all of them and no other. A request with a body carries ``Content-Digest`` (RFC 9530,
SHA-256 only).

Refused: no or more than one signature, another tag or algorithm, a listed header left uncovered or an unlisted
one covered, an altered body, an unknown key, a time outside the window. Not decided here: whether the nonce
was seen before and whether the device may do what it asks.

Verifying has a short path: what :func:`sign_request` writes is recognised by its spelling, and the signed text
is put together without a structured-field parser. Any other spelling goes through the library, and a test
holds both to the same answers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureComponentResolver,
    HTTPSignatureKeyResolver,
)
from http_message_signatures.algorithms import ECDSA_P256_SHA256

from client.crypto import signing
from client.crypto.hashing import PREFIX, is_hash
from client.crypto.signing import Signs
from client.errors import FormatRefused, SignatureInvalid, Text

TAG = "ecab-v1"
ALGORITHM = "ecdsa-p256-sha256"
LABEL = "ecab"
WINDOW_S = 300
MAX_HEADER = 4096
"""Characters in any header looked at here."""
MAX_URL = 4096

_DERIVED = ("@method", "@target-uri")
_OPTIONAL = ("content-type", "content-digest", "idempotency-key")
_PARAMETERS = {"created", "keyid", "alg", "nonce", "tag"}
_NONCE = re.compile(r"[A-Za-z0-9+/=_-]{16,64}")  # 96 bits or more
_KEYID = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
_ONE_SIGNATURE = re.compile(r"([a-z*][a-z0-9_.*-]{0,31})=:([A-Za-z0-9+/]{86}==):")
_OWN_SPELLING = re.compile(
    rf'{LABEL}=(\(([a-z@" -]*)\);created=(\d{{1,15}});keyid="([^"\\]*)";alg="{ALGORITHM}"'
    rf';nonce="([^"\\]*)";tag="{TAG}")'
)

Headers = Mapping[str, str] | Sequence[tuple[str, str]]
"""Header fields; a sequence keeps fields that were sent twice apart."""


class RequestTooOld(SignatureInvalid):
    """``created`` lies outside the window, before or after: one of the two clocks is off."""

    code = "untrusted.request_time"
    title = Text("Giờ trên máy bị lệch", "The clock of this device is off")


@dataclass(frozen=True, slots=True)
class VerifiedRequest:
    """What the signature vouches for besides the request itself.

    Args:
        keyid: The device.
        created: Unix seconds, by the signer's clock.
        nonce: To be refused if seen in the last 10 minutes.
    """

    keyid: str
    created: int
    nonce: str


@dataclass(frozen=True, slots=True)
class _Fields:
    """The header fields as the library wants them: ``items()`` in wire order."""

    lines: tuple[tuple[str, str], ...]

    def items(self) -> Iterable[tuple[str, str]]:
        return self.lines


@dataclass(frozen=True, slots=True)
class _Message:
    method: str
    url: str
    headers: _Fields


def sign_request(
    *,
    method: str,
    url: str,
    headers: Headers,
    body: bytes,
    keyid: str,
    key: Signs,
    created: int,
    nonce: str,
    body_hash: str | None = None,
) -> dict[str, str]:
    """The headers to add: ``Signature-Input``, ``Signature`` and, with a body, ``Content-Digest``.

    Args:
        method: Upper case.
        url: Absolute and encoded, exactly as the service will see it.
        headers: Those of the request that may be covered; others are ignored.
        body: The bytes as sent; empty for none.
        keyid: The device id.
        key: The device's signing key.
        created: Unix seconds.
        nonce: 16 to 64 characters of base64, fresh for each request.
        body_hash: ``sha256:<hex>`` of a body that is streamed and so not given as ``body``.

    Raises:
        FormatRefused: URL, method, nonce, key id or a header cannot be signed.
    """
    if not _NONCE.fullmatch(nonce) or not _KEYID.fullmatch(keyid):
        raise FormatRefused("nonce or key id")
    added: dict[str, str] = {}
    lines = tuple((name, value) for name, value in _lines(headers) if name.lower() != "content-digest")
    if body or body_hash is not None:
        added["Content-Digest"] = _digest(body, body_hash)
        lines += tuple(added.items())
    message = _Message(method, url, _Fields(lines))
    signer = HTTPMessageSigner(signature_algorithm=ECDSA_P256_SHA256)
    try:
        prepared = signer.prepare(
            message,
            key_id=keyid,
            created=datetime.fromtimestamp(created, UTC),
            nonce=nonce,
            label=LABEL,
            tag=TAG,
            covered_component_ids=_covered(lines),
            use_existing_digest=bool(added),
        )
    except HTTPMessageSignaturesException as error:
        raise FormatRefused("request cannot be signed") from error
    signature = base64.b64encode(key.sign(prepared.signature_base)).decode()
    added["Signature-Input"] = f"{LABEL}={prepared.signature_params}"
    added["Signature"] = f"{LABEL}=:{signature}:"
    return added


def verify_request(
    *,
    method: str,
    url: str,
    headers: Headers,
    body: bytes,
    keys: Callable[[str], str | None],
    now: int,
    window_s: int = WINDOW_S,
    body_hash: str | None = None,
) -> VerifiedRequest:
    """Return only if exactly this request was signed by a known key within the window.

    Args:
        method: As received, upper case.
        url: The absolute URL the client was told to use; a service behind a proxy puts its public one here.
        headers: All header fields as received.
        body: All of the body as received.
        keys: Key id to public key, None for unknown or not active.
        now: Unix seconds by the verifier's clock.
        window_s: How far ``created`` may lie from ``now``, either way.
        body_hash: ``sha256:<hex>`` of a body that was streamed and so is not given as ``body``.

    Raises:
        RequestTooOld: Outside the window.
        SignatureInvalid: Anything else.
    """
    lines = tuple(_lines(headers))
    values = _joined(lines)
    one = _ONE_SIGNATURE.fullmatch(values.get("signature", ""))
    if one is None or len(url) > MAX_URL or any(len(values.get(name, "")) > MAX_HEADER for name in _LOOKED_AT):
        raise SignatureInvalid("not exactly one signature, or too long")
    _check_body(values.get("content-digest"), body, body_hash)
    signature = base64.b64decode(one[2])
    message = _Message(method, url, _Fields(lines))
    expected = " ".join(f'"{name}"' for name in _covered(lines))
    own = _OWN_SPELLING.fullmatch(values.get("signature-input", ""))
    try:
        if own is None or own[2] != expected or one[1] != LABEL:
            found = _verify_by_library(message, expected, keys)
            _check_window(found, now, window_s)
            return found
        claimed = _claims(keyid=own[4], created=int(own[3]), nonce=own[5])
        _check_window(claimed, now, window_s)
        public = keys(claimed.keyid)
        if public is None:
            raise SignatureInvalid("unknown key")
        signing.verify(public, signature, _signed_text(message, own[1]))
    except (HTTPMessageSignaturesException, FormatRefused) as error:
        raise SignatureInvalid("request signature") from error
    return claimed


_LOOKED_AT = ("signature-input", *_OPTIONAL)


def _signed_text(message: _Message, parameters: str) -> bytes:
    """The signature base (RFC 9421, 2.5) for the components :func:`_covered` names, in that order."""
    resolver: Any = cast("Any", HTTPSignatureComponentResolver)(message)
    lines = [f'"@method": {resolver.get_method()}', f'"@target-uri": {resolver.get_target_uri()}']
    lines += [f'"{name}": {resolver.headers[name]}' for name in _OPTIONAL if name in resolver.headers]
    lines.append(f'"@signature-params": {parameters}')
    if not all(line.isascii() and line.isprintable() for line in lines):
        raise SignatureInvalid("control characters")
    return "\n".join(lines).encode()


class _Keys(HTTPSignatureKeyResolver):
    """The caller's keys as the library wants them."""

    def __init__(self, keys: Callable[[str], str | None]) -> None:
        self._keys = keys

    def resolve_public_key(self, key_id: str) -> Any:
        public = self._keys(key_id)
        return None if public is None else signing.decode_public(public)


class _Verifier(HTTPMessageVerifier):
    """Leaves time to :func:`_check_window`: the library would read the machine's clock by itself."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Nothing here."""


def _verify_by_library(message: _Message, expected: str, keys: Callable[[str], str | None]) -> VerifiedRequest:
    verifier = _Verifier(signature_algorithm=ECDSA_P256_SHA256, key_resolver=_Keys(keys))
    results = verifier.verify(message, expect_tag=TAG, max_age=None)
    if len(results) != 1:
        raise SignatureInvalid(f"{len(results)} signatures")
    covered = results[0].covered_components.keys() - {'"@signature-params"'}
    parameters: Mapping[str, Any] = results[0].parameters
    if covered != set(expected.split(" ")) or parameters.keys() != _PARAMETERS:
        raise SignatureInvalid("covered components or parameters")
    return _claims(keyid=parameters["keyid"], created=parameters["created"], nonce=parameters["nonce"])


def _claims(*, keyid: str, created: int, nonce: str) -> VerifiedRequest:
    if not _KEYID.fullmatch(keyid) or not _NONCE.fullmatch(nonce):
        raise SignatureInvalid("key id or nonce")
    return VerifiedRequest(keyid, created, nonce)


def _check_window(claimed: VerifiedRequest, now: int, window_s: int) -> None:
    if abs(now - claimed.created) > window_s:
        raise RequestTooOld(f"{claimed.keyid}: {now - claimed.created} s")


def _check_body(digest: str | None, body: bytes, body_hash: str | None) -> None:
    if digest is None:
        if body or body_hash is not None:
            raise SignatureInvalid("body without digest")
        return
    if not hmac.compare_digest(digest.encode(), _digest(body, body_hash).encode()):
        raise SignatureInvalid("body is not the signed one")


def _digest(body: bytes, body_hash: str | None) -> str:
    if body_hash is None:
        raw = hashlib.sha256(body).digest()
    elif is_hash(body_hash) and not body:
        raw = bytes.fromhex(body_hash.removeprefix(PREFIX))
    else:
        raise FormatRefused("body hash")
    return f"sha-256=:{base64.b64encode(raw).decode()}:"


def _lines(headers: Headers) -> Iterable[tuple[str, str]]:
    return headers.items() if isinstance(headers, Mapping) else headers


def _joined(lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Lower-case name to value; a field sent twice is joined with a comma (RFC 9110, 5.3)."""
    values: dict[str, str] = {}
    for name, value in lines:
        lower = name.lower()
        values[lower] = f"{values[lower]}, {value}" if lower in values else value
    return values


def _covered(lines: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    present = {name.lower() for name, _ in lines}
    return _DERIVED + tuple(name for name in _OPTIONAL if name in present)
