# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pinned public keys against a real TLS listener: only the verified chain counts, and nothing leaves before it does."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from client.clock import SystemClock
from client.core import tls_context
from client.crypto.random import system_random
from client.crypto.spki import spki_pin
from client.errors import EnvironmentFault, FormatRefused, Unreachable, WrongCertificate
from client.sync.transport import Transport

NOWHERE = "sha256/" + "A" * 43 + "="


@dataclass(frozen=True)
class Issued:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def pin(self) -> str:
        return spki_pin(self.certificate.public_bytes(Encoding.DER))


def issue(name: str, by: Issued | None = None, *, ca: bool = True) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signer = (by.certificate.subject, by.key) if by else (subject, key)
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    return Issued(made, key)


ROOT = issue("Ministry root (dữ liệu giả định)")
MIDDLE = issue("Ministry issuing (dữ liệu giả định)", ROOT)
LEAF = issue("service", MIDDLE, ca=False)
OTHER = issue("Another root (dữ liệu giả định)")


@contextmanager
def listening(folder: Path, *sent: Issued) -> Iterator[tuple[str, list[bytes]]]:
    """A TLS listener that sends ``sent`` as its chain and records what it hears after the handshake."""
    chain, key = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(b"".join(one.pem for one in sent))
    key.write_bytes(LEAF.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            try:
                connection, _ = server.accept()
                with context.wrap_socket(connection, server_side=True) as tls:
                    heard.append(tls.recv(1000))
            except OSError:
                return  # the client hung up, or nobody came: what was heard is what counts

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.getsockname()[1]}", heard
        finally:
            thread.join(10)


def ask(url: str, ca: Path, *pins: str) -> None:
    verify = tls_context(str(ca), pins)
    transport = Transport(url, verify=verify, clock=SystemClock(), rng=system_random, signer=None)
    try:
        transport.time()
    finally:
        transport.close()


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    path = tmp_path / "root.pem"
    path.write_bytes(ROOT.pem)
    return path


@pytest.mark.parametrize("pinned", [ROOT, MIDDLE, LEAF], ids=["root", "issuing", "leaf"])
def test_any_key_of_the_verified_chain_may_be_pinned(tmp_path: Path, ca: Path, pinned: Issued) -> None:
    with listening(tmp_path, LEAF, MIDDLE) as (url, heard):
        with pytest.raises(Unreachable) as caught:  # the listener answers nothing: the request was let through
            ask(url, ca, NOWHERE, pinned.pin)
        assert not isinstance(caught.value, WrongCertificate)
    assert heard[0].startswith(b"GET ")


def test_nothing_is_sent_to_an_unpinned_service(tmp_path: Path, ca: Path) -> None:
    with listening(tmp_path, LEAF, MIDDLE) as (url, heard), pytest.raises(WrongCertificate):
        ask(url, ca, NOWHERE, OTHER.pin)
    assert heard in ([], [b""])


def test_a_certificate_merely_sent_along_counts_for_nothing(tmp_path: Path, ca: Path) -> None:
    with listening(tmp_path, LEAF, MIDDLE, OTHER) as (url, heard), pytest.raises(WrongCertificate):
        ask(url, ca, NOWHERE, OTHER.pin)
    assert heard in ([], [b""])


def test_pins_do_not_replace_verification(tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(OTHER.pem)
    with listening(tmp_path, LEAF, MIDDLE) as (url, heard), pytest.raises(WrongCertificate):
        ask(url, other, LEAF.pin, MIDDLE.pin)
    assert heard in ([], [b""])


def test_the_system_store_with_pins_still_refuses_an_unknown_authority(tmp_path: Path) -> None:
    verify = tls_context(None, (LEAF.pin, ROOT.pin))
    with listening(tmp_path, LEAF, MIDDLE) as (url, heard):
        transport = Transport(url, verify=verify, clock=SystemClock(), rng=system_random, signer=None)
        with pytest.raises(WrongCertificate):
            transport.time()
        transport.close()
    assert heard in ([], [b""])


def test_what_is_no_certificate_has_no_pin(tmp_path: Path) -> None:
    with pytest.raises(FormatRefused):
        spki_pin(b"no certificate")
    with pytest.raises(EnvironmentFault):
        tls_context(str(tmp_path / "absent.pem"), (NOWHERE, NOWHERE))
