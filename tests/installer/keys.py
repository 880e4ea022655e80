# SPDX-License-Identifier: AGPL-3.0-or-later
"""Throw-away authorities, signers, a token and a time-stamp authority on the loopback, all real."""

from __future__ import annotations

import datetime as dt
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from securesystemslib.signer import CryptoSigner

from resources.packaging.builder.signing import Signing
from resources.packaging.builder.tuf_keys import TufKeys
from tests.helpers import softhsm

PUBLISHER = "e-Cabinet signer (dữ liệu giả định)"


@dataclass(frozen=True)
class Issued:
    """A certificate and its key, as files."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    pem: Path
    key_file: Path


def issue(
    folder: Path,
    name: str,
    by: Issued | None = None,
    *,
    usage: x509.ObjectIdentifier | None = None,
    days: tuple[float, float] = (-1, 30),
) -> Issued:
    """A certificate valid from ``days[0]`` to ``days[1]`` from now; an authority if it has no ``usage``."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)]
    )
    issuer, signer = (by.certificate.subject, by.key) if by else (subject, key)
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + dt.timedelta(days=days[0]))
        .not_valid_after(now + dt.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=usage is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if usage is not None:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([usage]), critical=usage == ExtendedKeyUsageOID.TIME_STAMPING
        )
    made = builder.sign(signer, hashes.SHA256())
    stem = "".join(letter for letter in name if letter.isascii() and letter.isalnum())
    pem, key_file = folder / f"{stem}.pem", folder / f"{stem}.key"
    pem.write_bytes(made.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Issued(made, key, pem, key_file)


@dataclass(frozen=True)
class Authorities:
    """Everything the matrix needs."""

    folder: Path
    root: Issued
    other_root: Issued
    signer: Issued
    stranger: Issued
    ending: Issued
    tls_only: Issued
    tsa_root: Issued
    tsa: Issued

    def signing(self, who: Issued, **more: str) -> dict[str, str]:
        """Environment that signs with the key file of ``who``."""
        return {"SIGN_BACKEND": "file", "SIGN_CHAIN": str(who.pem), "SIGN_KEY": str(who.key_file)} | more

    def stamping(self, url: str) -> dict[str, str]:
        """Environment that has signatures stamped at ``url``."""
        return {"SIGN_TSA_URL": url, "SIGN_TSA_CA": str(self.tsa_root.pem)}


def make(folder: Path) -> Authorities:
    """Make them all; about a second."""
    code = ExtendedKeyUsageOID.CODE_SIGNING
    root = issue(folder, "Root", days=(-10, 3650))
    other = issue(folder, "Other root", days=(-10, 3650))
    tsa_root = issue(folder, "Time root", days=(-10, 3650))
    return Authorities(
        folder,
        root,
        other,
        issue(folder, PUBLISHER, root, usage=code),
        issue(folder, "Stranger", other, usage=code),
        issue(folder, "Ending", root, usage=code, days=(-2, 0.5)),
        issue(folder, "Web", root, usage=ExtendedKeyUsageOID.SERVER_AUTH),
        tsa_root,
        issue(folder, "Time", tsa_root, usage=ExtendedKeyUsageOID.TIME_STAMPING, days=(-10, 3650)),
    )


_TSA_CONFIG = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {cert}
signer_key = {key}
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
ess_cert_id_alg = sha256
tsa_name = no
ordering = no
accuracy = secs:1
"""


@contextmanager
def time_stamp_authority(authorities: Authorities, *, broken: bool = False) -> Iterator[str]:
    """OpenSSL's own time-stamp authority behind HTTP on the loopback; yields its address."""
    folder = authorities.folder
    config = folder / "tsa.cnf"
    config.write_text(_TSA_CONFIG.format(folder=folder, cert=authorities.tsa.pem, key=authorities.tsa.key_file))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = folder / "query.tsq"
            query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            words = ["openssl", "ts", "-reply", "-queryfile", str(query), "-config", str(config)]
            body = b"<html>" if broken else subprocess.run(words, check=True, capture_output=True).stdout
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def token(folder: Path, who: Issued, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A SoftHSM token that holds the key of ``who``; environment that signs with it."""
    module = softhsm.make_token(folder, monkeypatch)
    words = ("--token", softhsm.LABEL, "--label", "sign", "--id", "01", "--pin", softhsm.PIN)
    softhsm.util("--import", str(who.key_file), *words)
    pin = folder / "pin"
    pin.write_text(softhsm.PIN)
    return {
        "SIGN_BACKEND": "pkcs11",
        "SIGN_CHAIN": str(who.pem),
        "SIGN_KEY": f"pkcs11:token={softhsm.LABEL};object=sign",
        "SIGN_PKCS11_MODULE": str(module),
        "SIGN_PIN_FILE": str(pin),
    }


def of_updates() -> TufKeys:
    """Keys of the update metadata: three for the root, of which two must sign."""
    root = [CryptoSigner.generate_ecdsa() for _ in range(3)]
    return TufKeys(root, *(CryptoSigner.generate_ecdsa() for _ in range(3)))


def of_archive(home: Path) -> Signing:
    """An OpenPGP key for an apt repository, in a home of its own."""
    home.chmod(0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch"]
    name = "e-Cabinet archive (dữ liệu giả định) <archive@example.invalid>"
    words = ["--passphrase", "", "--quick-generate-key", name, "ed25519", "sign", "never"]
    subprocess.run([*gpg, *words], check=True, capture_output=True)
    said = subprocess.run([*gpg, "--list-keys", "--with-colons"], check=True, capture_output=True, text=True).stdout
    (fingerprint,) = [line.split(":")[9] for line in said.splitlines() if line.startswith("fpr:")]
    return Signing(gpg=fingerprint, gpg_home=str(home))
