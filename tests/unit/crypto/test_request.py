# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed requests: each refusal named in ``client.crypto.request``, by both ways of verifying."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ECDSA_P256_SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from client.crypto import hashing, request
from client.crypto.request import Headers, RequestTooOld, VerifiedRequest, sign_request, verify_request
from client.crypto.signing import SigningKey
from client.errors import FormatRefused, SignatureInvalid

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
KEYS = {"d_1": KEY.public, "d_2": OTHER.public}
URL = "https://hop.example.vn:8443/statements?x=1"
NOW = 1_795_000_000
NONCE = "abcdEFGH01234567"
BODY = b'{"payload":"..."}'
PLAIN = {"Content-Type": "application/json", "Idempotency-Key": "sha256:" + "0" * 64, "User-Agent": "ecabinet"}


def signed(body: bytes = BODY, headers: Mapping[str, str] = PLAIN, **changes: Any) -> dict[str, str]:
    fields: dict[str, Any] = {
        "method": "POST", "url": URL, "headers": headers, "body": body,
        "keyid": "d_1", "key": KEY, "created": NOW, "nonce": NONCE,
    }  # fmt: skip
    return {**headers, **sign_request(**{**fields, **changes})}


def check(headers: Headers, body: bytes = BODY, **changes: Any) -> VerifiedRequest:
    fields: dict[str, Any] = {
        "method": "POST", "url": URL, "headers": headers, "body": body, "keys": KEYS.get, "now": NOW,
    }  # fmt: skip
    return verify_request(**{**fields, **changes})


def reordered(headers: dict[str, str]) -> dict[str, str]:
    """The same request as another RFC 9421 program would write it: other label, order of parameters, spaces."""
    by_hand = {name: value for name, value in headers.items() if not name.startswith("Signature")}
    message = SimpleNamespace(method="POST", url=URL, headers=by_hand)
    covered = ["idempotency-key", "content-digest", "content-type", "@target-uri", "@method"]
    lower = {name.lower() for name in by_hand}
    HTTPMessageSigner(signature_algorithm=ECDSA_P256_SHA256, key_resolver=_Private()).sign(
        message,
        key_id="d_1",
        created=request.datetime.fromtimestamp(NOW, request.UTC),
        nonce=NONCE,
        label="other",
        tag="ecab-v1",
        covered_component_ids=[name for name in covered if name.startswith("@") or name in lower],
        use_existing_digest="content-digest" in lower,
    )
    return by_hand


class _Private(HTTPSignatureKeyResolver):
    def resolve_private_key(self, key_id: str) -> Any:
        return KEY._key


@contextmanager
def only_the_library() -> Iterator[None]:
    """No spelling is recognised as our own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(request, "_OWN_SPELLING", re.compile(r"(?!)"))
        yield


def accepted(headers: Headers) -> VerifiedRequest | None:
    try:
        return check(headers)
    except SignatureInvalid:
        return None


def forms() -> list[dict[str, str]]:
    return [signed(), reordered(signed())]


def test_what_was_signed_verifies() -> None:
    for headers in forms():
        assert check(headers) == VerifiedRequest("d_1", NOW, NONCE)
        assert check([(name.upper(), value) for name, value in headers.items()]).keyid == "d_1"
    assert set(
        sign_request(method="GET", url=URL, headers={}, body=b"", keyid="d_1", key=KEY, created=NOW, nonce=NONCE)
    ) == {
        "Signature-Input",
        "Signature",
    }


@settings(max_examples=40, deadline=None)
@given(
    body=st.binary(max_size=200),
    present=st.sets(st.sampled_from(["Content-Type", "Idempotency-Key"])),
    path=st.text("abz09-._~/%20".replace("%", ""), max_size=20),
    method=st.sampled_from(["GET", "PUT", "POST"]),
)
def test_both_ways_of_verifying_agree(body: bytes, present: set[str], path: str, method: str) -> None:
    url = "https://hop.example.vn/" + path
    plain = dict.fromkeys(present, "a value")
    headers = signed(body, plain, method=method, url=url)
    fast = verify_request(method=method, url=url, headers=headers, body=body, keys=KEYS.get, now=NOW)
    with only_the_library():
        slow = verify_request(method=method, url=url, headers=headers, body=body, keys=KEYS.get, now=NOW)
    assert fast == slow == VerifiedRequest("d_1", NOW, NONCE)


@pytest.mark.parametrize("form", [0, 1])
@pytest.mark.parametrize(
    "changes",
    [
        {"method": "PUT"},
        {"method": "post"},
        {"url": URL + "1"},
        {"url": URL.replace("8443", "443")},
        {"url": "http" + URL[5:]},
        {"url": "/statements"},
        {"url": URL + "x" * 5000},
        {"body": BODY + b" "},
        {"body": b""},
        {"keys": {}.get},
        {"keys": {"d_1": OTHER.public}.get},
        {"keys": {"d_1": "p256:junk"}.get},
    ],
)
def test_another_request_is_refused(form: int, changes: dict[str, Any]) -> None:
    with pytest.raises(SignatureInvalid):
        check(forms()[form], **changes)


@pytest.mark.parametrize("form", [0, 1])
@pytest.mark.parametrize("name", ["Content-Type", "Idempotency-Key", "Content-Digest"])
def test_covered_headers_are_held(form: int, name: str) -> None:
    headers = forms()[form]
    with pytest.raises(SignatureInvalid):
        check({**headers, name: headers[name] + "x"})
    with pytest.raises(SignatureInvalid):
        check({key: value for key, value in headers.items() if key != name})
    with pytest.raises(SignatureInvalid):
        check([*headers.items(), (name, headers[name])])


@pytest.mark.parametrize("form", [0, 1])
def test_uncovered_headers_may_change_but_not_listed_ones(form: int) -> None:
    assert check({**forms()[form], "User-Agent": "proxy"}).nonce == NONCE
    bare = signed(headers={})
    with pytest.raises(SignatureInvalid):
        check({**bare, "Idempotency-Key": "added on the way"})
    with pytest.raises(SignatureInvalid):
        check({**bare, "content-type": "text/html"})


@pytest.mark.parametrize("form", [0, 1])
def test_time_window(form: int) -> None:
    for now in (NOW - 300, NOW + 300):
        assert check(forms()[form], now=now).created == NOW
    for now in (NOW - 301, NOW + 301, 0, 10**12):
        with pytest.raises(RequestTooOld):
            check(forms()[form], now=now)


def test_a_body_needs_a_digest() -> None:
    headers = signed(body=b"")
    assert check(headers, body=b"").keyid == "d_1"
    with pytest.raises(SignatureInvalid):
        check(headers)


def test_a_streamed_body_by_its_hash() -> None:
    digest = hashing.sha256(BODY)
    headers = signed(body=b"", body_hash=digest)
    assert headers["Content-Digest"] == signed()["Content-Digest"]
    assert check(headers, body=b"", body_hash=digest).keyid == check(headers).keyid == "d_1"
    with pytest.raises(SignatureInvalid):
        check(headers, body=b"", body_hash=hashing.sha256(b"other"))


@pytest.mark.parametrize(
    "edit",
    [
        lambda s, i: ("", i),
        lambda s, i: (s, ""),
        lambda s, i: (f"{s}, {s}", f"{i}, {i}"),
        lambda s, i: (f"{s}, b{s}", f"{i}, b{i}"),
        lambda s, i: (s, f"{i}, b{i}"),
        lambda s, i: (s, i.replace("ecab-v1", "ecab-v2")),
        lambda s, i: (s, i.replace(';tag="ecab-v1"', "")),
        lambda s, i: (s, i.replace("p256-sha256", "p384-sha384")),
        lambda s, i: (s, i.replace(';alg="ecdsa-p256-sha256"', "")),
        lambda s, i: (s, i.replace('"@method" ', "")),
        lambda s, i: (s, i.replace('"@method"', '"@method" "@method"')),
        lambda s, i: (s, i.replace(' "content-digest"', "")),
        lambda s, i: (s, i.replace("content-type", "user-agent")),
        lambda s, i: (s, i.replace('"content-type"', '"content-type";sf')),
        lambda s, i: (s, i.replace(";created=", ";created=1")),
        lambda s, i: (s, i.replace(f";created={NOW}", "")),
        lambda s, i: (s, i.replace(f"={NOW}", f"={NOW}.0")),
        lambda s, i: (s, i.replace("d_1", "d_2")),
        lambda s, i: (s, i.replace("d_1", "d_1\n")),
        lambda s, i: (s, i.replace(NONCE, NONCE[:-1] + "8")),
        lambda s, i: (s, i.replace(NONCE, "short")),
        lambda s, i: (s, i + ";expires=1"),
        lambda s, i: (s, i + ";x=1"),
        lambda s, i: (s, i + "x" * 5000),
        lambda s, i: (s, i.replace("=(", "=((")),
        lambda s, i: (s.replace("ecab=", "ecac="), i),
        lambda s, i: (s, i.replace("ecab=", "ecac=")),
        lambda s, i: (s.replace(":", ""), i),
        lambda s, i: (s[:-2] + "A:", i),
        lambda s, i: (s.replace("=:", "=:AAAA"), i),
    ],
)
def test_broken_signature_headers(edit: Any) -> None:
    headers = signed()
    signature, given_input = edit(headers["Signature"], headers["Signature-Input"])
    broken = {**headers, "Signature": signature, "Signature-Input": given_input}
    assert accepted(broken) is None
    with only_the_library():
        assert accepted(broken) is None


def test_the_label_is_free_but_the_same_in_both_headers() -> None:
    headers = {name: value.replace("ecab=", "sig1=") for name, value in signed().items()}
    assert accepted(headers) == VerifiedRequest("d_1", NOW, NONCE)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["Signature", "Signature-Input", "Content-Digest", "Content-Type", "Idempotency-Key"]), st.data()
)
def test_any_other_character_is_refused(name: str, data: st.DataObject) -> None:
    headers = signed()
    value = headers[name]
    at = data.draw(st.integers(0, len(value) - 1))
    new = data.draw(st.characters(max_codepoint=0x2FF).filter(lambda char: char != value[at]))
    headers[name] = value[:at] + new + value[at + 1 :]
    if name == "Signature" and base64_same(value, headers[name]):
        return
    assert accepted(headers) is None
    with only_the_library():
        assert accepted(headers) is None


def base64_same(one: str, two: str) -> bool:
    """Base64 of 64 bytes has four unused bits: another spelling of the same signature is the same signature."""
    try:
        return (
            base64.b64decode(one[6:-1], validate=True) == base64.b64decode(two[6:-1], validate=True)
            and one[:6] == two[:6]
        )
    except ValueError:
        return False


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "short"},
        {"nonce": 'quote"quote"quote'},
        {"keyid": ""},
        {"keyid": "a b"},
        {"method": "post"},
        {"url": "/x"},
        {"url": "https://hop.example.vn/đ"},
        {"headers": {"Content-Type": "a\r\nb: c"}},
        {"body_hash": "sha256:00"},
        {"body": b"x", "body_hash": hashing.sha256(b"x")},
    ],
)
def test_what_cannot_be_signed(changes: dict[str, Any]) -> None:
    fields: dict[str, Any] = {"body": b"", **changes}
    with pytest.raises(FormatRefused):
        signed(**fields)
