# SPDX-License-Identifier: AGPL-3.0-or-later
"""PAdES signatures on the secretariat's papers, by a token (PKCS#11); the only home of pyHanko.

Rules:
1. The key never leaves the token; one call is one PIN try, so a wrong PIN is told and not tried again.
2. SHA-256, subfilter ``ETSI.CAdES.detached`` (ETSI EN 319 142-1, B-B); a time stamp authority is the token owner's.
3. A signature counts only when it covers the **entire file**: one that is valid for a part, with anything appended
   behind it, is refused, whatever else verifies.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from client.errors import BadInput, EnvironmentFault, SignatureInvalid, Text

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # its lines name who signed; our errors say what is needed

MAX_PDF = 64 * 1024 * 1024
"""Bytes."""
FIELD = "ChuKy1"


class TokenFault(EnvironmentFault):
    """The token cannot be used: library, label, PIN or certificate."""

    code = "machine.token"
    title = Text("Không dùng được thiết bị ký số", "The signing token cannot be used")
    next_step = Text(
        "Kiểm tra thiết bị, tên và mã PIN. Chưa thử lại: nhập sai nhiều lần sẽ khóa thiết bị.",
        "Check the token, its label and the PIN. It was not tried again: wrong PINs lock a token.",
    )


@dataclass(frozen=True, slots=True)
class Token:
    """Where a key is.

    Attributes:
        library: The token's PKCS#11 module.
        label: Of the token.
        key: Label of key and certificate on it.
    """

    library: Path
    label: str
    key: str


def sign(pdf: bytes, token: Token, pin: str, *, reason: str = "") -> bytes:
    """The paper with one signature, as an incremental update: its bytes stay as they were.

    Raises:
        TokenFault: Not signed; the PIN was tried once at most.
        BadInput: Not a PDF, or too large.
    """
    if len(pdf) > MAX_PDF or not pdf.startswith(b"%PDF-"):
        raise BadInput("pdf")
    target = io.BytesIO()
    try:
        with open_pkcs11_session(str(token.library), token_criteria=_criteria(token.label), user_pin=pin) as session:
            signer = PKCS11Signer(session, cert_label=token.key, key_label=token.key)
            meta = PdfSignatureMetadata(
                field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason or None
            )
            PdfSigner(meta, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=target)
    except Exception as error:  # the driver's errors have no common root; their text may quote what was sent
        raise TokenFault(type(error).__name__) from error
    return target.getvalue()


def verify(pdf: bytes, roots: bytes) -> str:
    """Who signed the whole file, by the certificate's subject.

    Args:
        pdf: The paper.
        roots: Trusted certificates, PEM.

    Raises:
        SignatureInvalid: Not signed, altered, signed by somebody unknown, or something was appended.
    """
    if len(pdf) > MAX_PDF:
        raise BadInput("pdf")
    context = ValidationContext(trust_roots=list(load_certs_from_pemder_data(roots)), allow_fetching=False)
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if len(signatures) != 1:
            raise SignatureInvalid(f"pdf: {len(signatures)} signatures")
        status = validate_pdf_signature(signatures[0], signer_validation_context=context)
    except (PdfError, ValueError) as error:
        raise SignatureInvalid(f"pdf: {type(error).__name__}") from error
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise SignatureInvalid("pdf: the signature does not cover the entire file")
    if not status.bottom_line:
        raise SignatureInvalid("pdf: signature")
    return str(status.signing_cert.subject.human_friendly)


def _criteria(label: str) -> Any:
    from pyhanko.config.pkcs11 import TokenCriteria

    return TokenCriteria(label=label)
