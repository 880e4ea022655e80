# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening what a pack seals: everything a hostile publisher or service could put into it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import structs

from client.crypto import dsse, hashing, hpke, stream
from client.crypto.hpke import SealingKey
from client.crypto.random import system_random
from client.crypto.secret import Secret
from client.crypto.signing import SigningKey
from client.domain.ids import DeviceId, Hash, PackId
from client.domain.paper import SecrecyLevel
from client.errors import ContentMismatch, DecryptionFailed, FormatRefused, SecretWithBytes, Untrusted
from client.protocol import codec, names
from client.protocol.messages import EnvelopeBody, PackManifest, Target
from client.sync.actions import RemotePack
from client.sync.manifest import open_envelope, open_manifest
from tests.unit.sync.samples import DEVICE, PACK, digest, later, paper, session

KEY = Secret(bytes(range(32)))
SEALING, PUBLISHER = SealingKey.generate(), SigningKey.generate()
PUBLISHERS = {"publisher-1": PUBLISHER.public}
ENTRY = RemotePack(PACK, 1, PACK, 1)
TARGET = Target(digest("t"), 1, scope=PACK, epoch=1, key_hash=Hash(hashing.sha256(KEY.reveal())))
PAPER = structs.replace(paper("do_0001"), blob_size=stream.sealed_size(1000))
SOUND = PackManifest(
    pack=PACK,
    rev=1,
    prev=None,
    grade="normal",
    read_until=later(3600),
    session=session("do_0001"),
    papers=(PAPER,),
    polls=(),
)
STUB = structs.replace(
    PAPER, secrecy=SecrecyLevel.SECRET, plain=None, size=0, blob=None, blob_size=0, key=None, copy_number="3"
)


def opened(payload: bytes, *, context: bytes | None = None, key: Secret = KEY) -> PackManifest:
    sealed = stream.seal_bytes(key, context or names.manifest_context(PACK, 1), payload, rng=system_random)
    return open_manifest(sealed, key=KEY, pack=PACK, rev=1)[0]


def with_(**changes: Any) -> bytes:
    return codec.encode(structs.replace(SOUND, **changes))


def test_a_sound_manifest_opens_and_so_does_one_with_a_stub() -> None:
    assert opened(codec.encode(SOUND)) == SOUND
    assert opened(with_(papers=(STUB,))).papers == (STUB,)
    recalled = structs.replace(STUB, secrecy=SecrecyLevel.NORMAL, copy_number="", recalled=later(0))
    assert opened(with_(papers=(recalled,))).papers == (recalled,)


@pytest.mark.parametrize(
    "secret",
    [
        {"plain": digest("x")},
        {"blob": digest("x")},
        {"key": bytes(32)},
        {"size": 1},
        {"blob_size": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("level", [level for level in SecrecyLevel if level is not SecrecyLevel.NORMAL])
def test_a_secret_that_leads_to_bytes_is_refused(secret: dict[str, Any], level: SecrecyLevel) -> None:
    with pytest.raises(SecretWithBytes):
        opened(with_(papers=(structs.replace(STUB, secrecy=level, **secret),)))


@pytest.mark.parametrize("grade", ["mat", "toi_mat", "tuyet_mat", "secret", ""])
def test_a_pack_that_is_secret_as_a_whole_is_refused_as_such(grade: str) -> None:
    document = json.loads(codec.encode(SOUND))
    document["class"] = grade
    with pytest.raises(SecretWithBytes):
        opened(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode())


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(with_(rev=2), id="another revision"),
        pytest.param(with_(pack=PackId("pk_0002")), id="another pack"),
        pytest.param(with_(papers=(PAPER, PAPER)), id="a paper twice"),
        pytest.param(with_(papers=()), id="the agenda names a paper that is not there"),
        pytest.param(with_(papers=(structs.replace(PAPER, key=None),)), id="no key"),
        pytest.param(with_(papers=(structs.replace(PAPER, key=bytes(31)),)), id="short key"),
        pytest.param(with_(papers=(structs.replace(PAPER, plain=None),)), id="no hash"),
        pytest.param(with_(papers=(structs.replace(PAPER, blob=None),)), id="no blob"),
        pytest.param(with_(papers=(structs.replace(PAPER, size=0),)), id="empty"),
        pytest.param(with_(papers=(structs.replace(PAPER, blob_size=PAPER.blob_size + 1),)), id="sizes apart"),
        pytest.param(with_(papers=(structs.replace(PAPER, recalled=later(0)),)), id="recalled and with bytes"),
        pytest.param(codec.encode(SOUND) + b" ", id="other spelling"),
        pytest.param(b"[]", id="not a manifest"),
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_what_is_not_whole_is_refused(payload: bytes) -> None:
    with pytest.raises(FormatRefused):
        opened(payload)


@pytest.mark.parametrize(("count", "refused"), [(500, False), (501, True)])
def test_there_is_a_most_of_papers(count: int, refused: bool) -> None:
    many = tuple(structs.replace(PAPER, id=f"do_{n:04}") for n in range(count))
    payload = with_(papers=many, session=session("do_0001"))
    if refused:
        with pytest.raises(FormatRefused):
            opened(payload)
    else:
        assert len(opened(payload).papers) == count


def test_a_manifest_opens_under_its_own_key_and_name_only() -> None:
    for wrong in ({"context": names.manifest_context(PACK, 2)}, {"key": Secret(bytes(32))}):
        with pytest.raises(DecryptionFailed):
            opened(codec.encode(SOUND), **wrong)


# -- envelopes ---------------------------------------------------------------------------------------------------


def envelope(
    *,
    scope: PackId = PACK,
    epoch: int = 1,
    device: DeviceId = DEVICE,
    sealed_for: tuple[PackId, int, DeviceId] | None = None,
    key: bytes = KEY.reveal(),
    signer: SigningKey = PUBLISHER,
) -> bytes:
    info = names.envelope_info(*(sealed_for or (scope, epoch, device)))
    body = EnvelopeBody(scope=scope, epoch=epoch, device=device, sealed=hpke.seal_to(SEALING.public, info, key))
    return dsse.sign(codec.encode(body), keyid="publisher-1", key=signer)


def key_in(data: bytes, target: Target = TARGET) -> Secret:
    return open_envelope(data, ENTRY, target=target, device=DEVICE, sealing=SEALING, publishers=PUBLISHERS)


def test_the_envelope_for_this_device_gives_the_key() -> None:
    assert key_in(envelope()).reveal() == KEY.reveal()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(envelope(scope=PackId("pk_0002")), id="another scope"),
        pytest.param(envelope(epoch=2), id="another epoch"),
        pytest.param(envelope(device=DeviceId("d_0002")), id="another device"),
        pytest.param(envelope(sealed_for=(PACK, 2, DEVICE)), id="sealed for another epoch"),
        pytest.param(envelope(key=bytes(32)), id="another key than the index names"),
        pytest.param(envelope(key=KEY.reveal()[:31]), id="short key"),
        pytest.param(envelope(signer=SigningKey.generate()), id="a stranger's signature"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_no_other_envelope_does(data: bytes) -> None:
    with pytest.raises(Untrusted):
        key_in(data)


def test_an_index_without_a_key_hash_vouches_for_no_key() -> None:
    with pytest.raises(ContentMismatch):
        key_in(envelope(), structs.replace(TARGET, key_hash=None))
