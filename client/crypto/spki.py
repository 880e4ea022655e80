# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pins of public keys: ``sha256/<base64>`` of a certificate's SubjectPublicKeyInfo (RFC 7469, section 2.4)."""

from __future__ import annotations

import base64
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from client.errors import FormatRefused


def spki_pin(certificate: bytes) -> str:
    """The pin of a DER certificate's public key.

    Raises:
        FormatRefused: Not a certificate.
    """
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except ValueError as error:
        raise FormatRefused("certificate") from error
    return "sha256/" + base64.b64encode(hashlib.sha256(info).digest()).decode()
