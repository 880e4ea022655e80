# SPDX-License-Identifier: AGPL-3.0-or-later
"""PAdES by a token: signed whole, refused when anything is changed, appended or signed by a stranger."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pkcs11.util.x509 import decode_x509_certificate

from client.errors import BadInput, SignatureInvalid
from server.documents import form, seal, typeset
from server.documents.seal import Token, TokenFault
from tests.helpers import softhsm
from tests.helpers.softhsm import PIN

NOW = dt.datetime.now(dt.UTC)


def certificate(
    name: str, key: rsa.RSAPrivateKey, issuer: str, signer: rsa.RSAPrivateKey, *, ca: bool
) -> x509.Certificate:
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=1))
        .not_valid_after(NOW + dt.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=not ca, key_cert_sign=ca, crl_sign=ca, **usage),
            critical=True,
        )
        .sign(signer, hashes.SHA256())
    )


class Tokens:
    """A soft token with the secretary's key, and the authority that vouches for it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        library = softhsm.make_token(folder, monkeypatch, "vpcp")
        authority, secretary = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        root = certificate("CA (dữ liệu giả định)", authority, "CA (dữ liệu giả định)", authority, ca=True)
        leaf = certificate("Thư ký (dữ liệu giả định)", secretary, "CA (dữ liệu giả định)", authority, ca=False)
        (folder / "key.pem").write_bytes(
            secretary.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        pem = str(folder / "key.pem")
        softhsm.util("--import", pem, "--token", "vpcp", "--label", "thu-ky", "--id", "01", "--pin", PIN)
        (folder / "key.pem").unlink()
        self._put_certificate(library, leaf)
        self.roots = root.public_bytes(serialization.Encoding.PEM)
        self.other = certificate("CA khác", secretary, "CA khác", secretary, ca=True).public_bytes(
            serialization.Encoding.PEM
        )
        self.token = Token(library, "vpcp", "thu-ky")

    @staticmethod
    def _put_certificate(library: Path, leaf: x509.Certificate) -> None:
        session = pkcs11.lib(str(library)).get_token(token_label="vpcp").open(rw=True, user_pin=PIN)
        fields = decode_x509_certificate(leaf.public_bytes(serialization.Encoding.DER))
        fields[pkcs11.Attribute.TOKEN] = True
        fields[pkcs11.Attribute.LABEL] = "thu-ky"
        fields[pkcs11.Attribute.ID] = b"\x01"
        session.create_object(fields)
        session.close()


@pytest.fixture
def tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tokens]:
    return Tokens(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def paper() -> bytes:
    blocks = [form.header("Chính phủ", "Số: 01/BB-CP", NOW.date()), *form.name("Biên bản", "Phiên họp thử")]
    return typeset.pdf([*blocks, form.body("Nội dung.")], title="Biên bản", agency="Chính phủ", made=NOW)


def test_a_paper_is_signed_whole_and_anything_else_is_refused(tokens: Tokens, paper: bytes) -> None:
    signed = seal.sign(paper, tokens.token, PIN, reason="Biên bản phiên họp")
    assert signed.startswith(paper)
    assert "Thư ký (dữ liệu giả định)" in seal.verify(signed, tokens.roots)
    junk = signed + b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
    changed = bytearray(signed)
    changed[len(paper) // 2] ^= 1
    for wrong, roots in (
        (junk, tokens.roots),
        (bytes(changed), tokens.roots),
        (paper, tokens.roots),
        (signed, tokens.other),
    ):
        with pytest.raises(SignatureInvalid):
            seal.verify(wrong, roots)
    with pytest.raises(TokenFault):
        seal.sign(paper, tokens.token, "000000")
    with pytest.raises(TokenFault):
        seal.sign(paper, dataclasses.replace(tokens.token, key="khac"), PIN)


def test_what_is_no_paper_is_not_signed(paper: bytes) -> None:
    token = Token(Path("/khong/co.so"), "vpcp", "thu-ky")  # never asked: the paper is looked at first
    for wrong in (b"", b"PK\x03\x04", b"%PDF-" + bytes(seal.MAX_PDF)):
        with pytest.raises(BadInput):
            seal.sign(wrong, token, PIN)
    with pytest.raises(BadInput):
        seal.verify(b"%PDF-" + bytes(seal.MAX_PDF), b"")
