# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealed streams under any split, cut, flip and seek."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.crypto import stream
from client.crypto.random import system_random
from client.crypto.secret import Secret
from client.errors import DecryptionFailed, FormatRefused, LimitExceeded

KEY = Secret(bytes(range(32)))
CONTEXT = b"ecab/blob/1|sha256:00"
CHUNK, SEALED = stream.CHUNK, stream.SEALED_CHUNK
EDGES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 3 * CHUNK + 7]


def text(size: int) -> bytes:
    return hashlib.shake_128(b"plain").digest(size)


def sealed(size: int) -> bytes:
    return stream.seal_bytes(KEY, CONTEXT, text(size), rng=lambda n: hashlib.shake_128(b"salt").digest(n))


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    at = sorted({min(cut, len(data)) for cut in cuts})
    return [data[start:stop] for start, stop in zip([0, *at], [*at, len(data)], strict=True)]


def feed(opener: stream.StreamOpener, data: bytes, released: bytearray) -> None:
    """All of ``data`` in slices, keeping what came out even when the opener refuses later."""
    for at in range(0, len(data), 9_000):
        released += opener.update(data[at : at + 9_000])
    released += opener.finish()


sizes = st.one_of(st.sampled_from(EDGES), st.integers(0, 4 * CHUNK))
cuts = st.lists(st.integers(0, 5 * SEALED), max_size=8)


@settings(max_examples=60, deadline=None)
@given(size=sizes, seal_cuts=cuts, open_cuts=cuts)
def test_any_split_gives_the_same(size: int, seal_cuts: list[int], open_cuts: list[int]) -> None:
    plain = text(size)
    sealer = stream.StreamSealer(KEY, CONTEXT, lambda n: hashlib.shake_128(b"salt").digest(n))
    out = sealer.header() + b"".join(sealer.update(piece) for piece in pieces(plain, seal_cuts)) + sealer.finish()
    assert out == sealed(size)
    assert len(out) == stream.sealed_size(size)
    assert stream.plain_size(len(out)) == size
    opener = stream.StreamOpener(KEY, CONTEXT)
    back = b"".join(opener.update(memoryview(piece)) for piece in pieces(out, open_cuts)) + opener.finish()
    assert back == plain
    assert stream.open_bytes(KEY, CONTEXT, bytearray(out), limit=size) == plain


@settings(max_examples=60, deadline=None)
@given(size=sizes, data=st.data())
def test_a_cut_message_never_finishes(size: int, data: st.DataObject) -> None:
    whole = sealed(size)
    at_a_chunk = st.integers(0, size // CHUNK).map(stream.sealed_offset)
    keep = data.draw(st.one_of(st.integers(0, len(whole) - 1), at_a_chunk))
    opener = stream.StreamOpener(KEY, CONTEXT)
    assert text(size).startswith(opener.update(whole[:keep])), "only authenticated bytes may leave"
    with pytest.raises(DecryptionFailed):
        opener.finish()
    with pytest.raises(DecryptionFailed):
        stream.open_bytes(KEY, CONTEXT, whole[:keep], limit=size)


@settings(max_examples=60, deadline=None)
@given(size=sizes, data=st.data())
def test_a_flipped_bit_is_found_and_final(size: int, data: st.DataObject) -> None:
    whole = bytearray(sealed(size))
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    opener = stream.StreamOpener(KEY, CONTEXT)
    released = bytearray()
    with pytest.raises(DecryptionFailed):
        feed(opener, bytes(whole), released)
    assert text(size).startswith(released), "only authenticated bytes may leave"
    with pytest.raises(DecryptionFailed):
        opener.update(b"")
    with pytest.raises(DecryptionFailed):
        opener.finish()
    with pytest.raises(DecryptionFailed):
        stream.open_bytes(KEY, CONTEXT, whole, limit=size)


@settings(max_examples=40, deadline=None)
@given(size=sizes, data=st.data())
def test_going_on_from_any_chunk(size: int, data: st.DataObject) -> None:
    whole = sealed(size)
    chunk = data.draw(st.integers(0, size // CHUNK))
    opener = stream.StreamOpener.resume(KEY, CONTEXT, whole[: stream.HEADER_SIZE], chunk)
    rest = whole[stream.sealed_offset(chunk) :]
    assert opener.update(rest) + opener.finish() == text(size)[chunk * CHUNK :]


def test_an_opener_says_where_to_go_on() -> None:
    whole = sealed(5 * CHUNK)
    first = stream.StreamOpener(KEY, CONTEXT)
    assert first.header == b""
    plain = first.update(whole[: stream.sealed_offset(3) + 100])
    assert (first.next_chunk, len(plain)) == (3, 3 * CHUNK)
    second = stream.StreamOpener.resume(KEY, CONTEXT, first.header, first.next_chunk)
    plain += second.update(whole[stream.sealed_offset(first.next_chunk) :]) + second.finish()
    assert plain == text(5 * CHUNK)


def test_the_wrong_chunk_does_not_open_elsewhere() -> None:
    whole = sealed(3 * CHUNK)
    opener = stream.StreamOpener.resume(KEY, CONTEXT, whole[:56], 1)
    with pytest.raises(DecryptionFailed):
        opener.update(whole[stream.sealed_offset(0) : stream.sealed_offset(1)])


def test_key_and_context_bind() -> None:
    whole = sealed(10)
    for key, context in ((Secret(bytes(32)), CONTEXT), (KEY, CONTEXT + b"x")):
        with pytest.raises(DecryptionFailed):
            stream.open_bytes(key, context, whole, limit=10)
        with pytest.raises(DecryptionFailed):
            stream.StreamOpener.resume(key, context, whole[:56], 0)
    for size in (16, 31, 33):
        with pytest.raises(DecryptionFailed):
            stream.StreamSealer(Secret(bytes(size)), b"", system_random)
        with pytest.raises(DecryptionFailed):
            stream.StreamOpener(Secret(bytes(size)), b"")


def test_limit_one_over_and_one_under() -> None:
    whole = sealed(CHUNK)
    assert len(stream.open_bytes(KEY, CONTEXT, whole, limit=CHUNK)) == CHUNK
    with pytest.raises(LimitExceeded):
        stream.open_bytes(KEY, CONTEXT, whole, limit=CHUNK - 1)


def test_counter_ends_before_the_nonce_repeats() -> None:
    whole = sealed(0)
    for chunk in (-1, stream.MAX_CHUNKS):
        with pytest.raises(FormatRefused):
            stream.StreamOpener.resume(KEY, CONTEXT, whole[:56], chunk)
    last = stream.StreamOpener.resume(KEY, CONTEXT, whole[:56], stream.MAX_CHUNKS - 1)
    with pytest.raises(DecryptionFailed, match="too many"):
        last.update(bytes(SEALED))
    used = stream.StreamSealer(KEY, CONTEXT, system_random)
    used.finish()
    with pytest.raises(LimitExceeded):
        used.finish()
    with pytest.raises(LimitExceeded):
        used.update(bytes(CHUNK))


@pytest.mark.parametrize("size", [0, 55, 56, 71, 56 + SEALED, 56 + SEALED + 15])
def test_sizes_no_message_has(size: int) -> None:
    with pytest.raises(FormatRefused):
        stream.plain_size(size)


def test_the_same_message_twice_shares_nothing() -> None:
    one = stream.seal_bytes(KEY, CONTEXT, b"same", rng=system_random)
    two = stream.seal_bytes(KEY, CONTEXT, b"same", rng=system_random)
    assert one[:24] != two[:24]
    assert one[56:] != two[56:]
