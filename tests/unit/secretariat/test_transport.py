# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wire: what each kind of trouble becomes, against real sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from client.clock import SystemClock
from client.crypto.random import system_random
from client.errors import (
    BadInput,
    CaptivePortal,
    FormatRefused,
    LimitExceeded,
    ServiceRefused,
    Unreachable,
    WrongCertificate,
)
from server.embedded import EmbeddedService
from server.secretariat.transport import ServiceClient, check_url, tls_context
from tests.helpers.ceremony import Ceremony, held


def client_for(url: str) -> ServiceClient:
    key = held("publisher-1")
    return ServiceClient(url, publisher=key, registrar=key, clock=SystemClock(), rng=system_random)


@contextmanager
def answering(raw: bytes) -> Iterator[str]:
    """One connection at a time gets these bytes, whatever it asks."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(raw)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def answer(status: str, media: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: {media}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    return head.encode() + body


PROBLEM = b'{"type":"urn:ecab:problem:%s","title":"x","status":%d}'


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (answer("200 OK", "text/html", b"<html>sign in</html>"), CaptivePortal),
        (answer("302 Found", "text/plain", b""), CaptivePortal),
        (answer("404 Not Found", "text/html", b"<html>"), CaptivePortal),
        (answer("503 Busy", "text/html", b"<html>"), Unreachable),
        (answer("403 No", "application/problem+json", PROBLEM % (b"forbidden", 403)), ServiceRefused),
        (answer("429 Slow", "application/problem+json", PROBLEM % (b"rate", 429)), Unreachable),
        (answer("400 Bad", "application/problem+json", b"{"), FormatRefused),
        (answer("200 OK", "application/octet-stream", b"x" * (65 << 10)), LimitExceeded),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc", Unreachable),
        (b"garbage\r\n\r\n", Unreachable),
    ],
)
def test_each_answer_becomes_one_error(raw: bytes, kind: type[Exception]) -> None:
    with answering(raw) as url:
        client = client_for(url)
        with pytest.raises(kind):
            client.snapshot()
        client.close()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = client_for(f"http://127.0.0.1:{port}")
    with pytest.raises(Unreachable):
        client.snapshot()
    client.close()


def make_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """A self-signed certificate and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    subject = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    certificate = made.add_extension(subject, critical=False).sign(key, hashes.SHA256())
    cert_file, key_file = folder / f"{host}.pem", folder / f"{host}.key"
    cert_file.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return cert_file, key_file


def test_a_wrong_certificate_stops_everything(tmp_path: Path) -> None:
    good, other = make_certificate(tmp_path, "127.0.0.1"), make_certificate(tmp_path, "127.0.0.2")
    made = Ceremony(EmbeddedService.prepare(tmp_path / "service"), SystemClock().now())
    keys = {"publisher": made.publisher, "registrar": made.registrar}
    for certificate, ca, trusted in (
        (good, good[0], True),
        (good, None, False),  # nobody's authority
        (good, other[0], False),  # another authority
        (other, other[0], False),  # another host
    ):
        service = EmbeddedService(tmp_path / "service", root=made.root, tls_cert=certificate[0], tls_key=certificate[1])
        url = service.start()
        client = ServiceClient(url, **keys, clock=SystemClock(), rng=system_random, verify=tls_context(ca))
        if trusted:
            assert client.snapshot() is None
        else:
            with pytest.raises(WrongCertificate):
                client.snapshot()
        client.close()
        service.stop()


@pytest.mark.parametrize(
    "url",
    [
        "http://e-cabinet.example",
        "ftp://127.0.0.1",
        "https://",
        "https://user:secret@host",
        "https://host/path",
        "https://host?x=1",
        "host:8443",
        "http://[::1",
    ],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(BadInput):
        check_url(url)


def test_urls_that_are_accepted() -> None:
    assert check_url("https://e-cabinet.example:8443/") == "https://e-cabinet.example:8443"
    assert check_url("http://127.0.0.1:80") == "http://127.0.0.1"
    assert check_url("http://localhost:8080") == "http://localhost:8080"
