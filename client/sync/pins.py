# SPDX-License-Identifier: AGPL-3.0-or-later
"""TLS contexts that accept a service only if a pinned public key vouches for it, before a byte of a request leaves.

Rules:
1. Pins come on top of ordinary verification (chain, name, dates), never instead of it.
2. Where OpenSSL verified the chain (always with an authority file, and on Linux) any certificate of the *verified*
   chain may match: pin an authority. Certificates that a peer merely sent along count for nothing.
3. Where the operating system verified it (Windows, macOS without an authority file) the chain it built is not told to
   us: only the service's own key counts there.
"""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterable
from typing import Any, Final

import truststore

from client.crypto.spki import spki_pin

_TOLD_THE_CHAIN: Final = sys.platform not in {"win32", "darwin"}


def pinned_context(ca_file: str | None, pins: Iterable[str]) -> ssl.SSLContext:
    """A context for ``httpx`` that refuses every service without one of ``pins`` (``sha256/<base64>``).

    Raises:
        OSError, ssl.SSLError: ``ca_file`` cannot be used.
    """
    if ca_file is None:
        system = _SystemPinned(ssl.PROTOCOL_TLS_CLIENT)
        system.pins = frozenset(pins)
        return system
    own = _FilePinned(ssl.PROTOCOL_TLS_CLIENT)
    own.load_verify_locations(cafile=ca_file)
    own.pins = frozenset(pins)
    return own


class NoPinMatches(ssl.SSLCertVerificationError):
    """The chain is in order and none of its keys is pinned; shaped like OpenSSL's own refusals."""

    library, reason = "client", "NO_PIN_MATCHES"


class _FilePinned(ssl.SSLContext):
    pins: frozenset[str] = frozenset()

    def wrap_socket(self, *args: Any, **options: Any) -> ssl.SSLSocket:
        return _checked(super().wrap_socket(*args, **options), self.pins, chain=True)

    def wrap_bio(self, *_args: Any, **_options: Any) -> ssl.SSLObject:
        raise ssl.SSLError("no TLS inside TLS with pins")  # its handshake would end where we do not look


class _SystemPinned(truststore.SSLContext):
    pins: frozenset[str] = frozenset()

    def wrap_socket(self, *args: Any, **options: Any) -> ssl.SSLSocket:
        return _checked(super().wrap_socket(*args, **options), self.pins, chain=_TOLD_THE_CHAIN)

    def wrap_bio(self, *_args: Any, **_options: Any) -> ssl.SSLObject:
        raise ssl.SSLError("no TLS inside TLS with pins")


def _checked(connection: ssl.SSLSocket, pins: frozenset[str], *, chain: bool) -> ssl.SSLSocket:
    certificates = _verified_chain(connection) if chain else [connection.getpeercert(binary_form=True) or b""]
    if pins.isdisjoint(spki_pin(certificate) for certificate in certificates):
        connection.close()
        raise NoPinMatches("no pinned key vouches for this service")
    return connection


def _verified_chain(connection: Any) -> list[bytes]:
    if sys.version_info >= (3, 13):
        found: list[bytes] = connection.get_verified_chain()
        return found
    import _ssl

    return [c.public_bytes(_ssl.ENCODING_DER) for c in connection._sslobj.get_verified_chain()]  # noqa: SLF001
