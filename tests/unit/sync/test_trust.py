# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose word counts: everything a hostile service could serve instead of the current pair, and crashes in between."""

from __future__ import annotations

import pytest
from msgspec import structs

from client.clock import Millis, from_rfc3339
from client.crypto import dsse, hashing
from client.crypto.signing import SigningKey
from client.domain.ids import Hash
from client.errors import ContentMismatch, FormatRefused, RollbackDetected, SignatureInvalid, Untrusted
from client.protocol import codec
from client.protocol.messages import Directory, Index, KeyRole, Root, Target
from client.sync import crashpoints
from client.sync.trust import SignedIndexTrust
from tests.unit.sync.samples import NOW, later

NOW_MS = from_rfc3339(NOW)
REGISTRAR, PUBLISHER = SigningKey.generate(), SigningKey.generate()
ROOT = Root(
    body="Cơ quan thử (dữ liệu giả định)",
    registrar=KeyRole("registrar-1", REGISTRAR.public),
    publisher=KeyRole("publisher-1", PUBLISHER.public),
)


class Kept:
    """The port, in memory."""

    def __init__(self) -> None:
        self.index: bytes | None = None
        self.targets: dict[str, bytes] = {}

    def load_index(self) -> bytes | None:
        return self.index

    def save_index(self, envelope: bytes, version: int) -> None:
        self.index = envelope

    def load_target(self, name: str) -> bytes | None:
        return self.targets.get(name)

    def save_target(self, name: str, data: bytes) -> None:
        self.targets[name] = data


def directory(version: int, key: SigningKey = REGISTRAR, keyid: str = "registrar-1", says: int | None = None) -> bytes:
    value = Directory(
        version=version if says is None else says,
        devices=(),
        members=(),
        services=(KeyRole("receipt-1", PUBLISHER.public),),
        readers=(),
    )
    return dsse.sign(codec.encode(value), keyid=keyid, key=key)


def promise(data: bytes) -> Target:
    return Target(sha256=Hash(hashing.sha256(data)), size=len(data))


D1, D2 = directory(1), directory(2)
PAPER = b"sealed manifest"


def index(version: int, data: bytes | None = D1, *, name: str = "d/directory.1", **changes: object) -> bytes:
    targets = {} if data is None else {name: promise(data)}
    value = Index(
        version=version,
        issued=NOW,
        expires=later(3600),
        targets={**targets, "p/pk_0001.1": promise(PAPER)},
    )
    value = structs.replace(value, **changes)
    return dsse.sign(codec.encode(value), keyid="publisher-1", key=PUBLISHER)


def believing(version: int = 5) -> tuple[SignedIndexTrust, Kept]:
    """A device that believes index ``version`` with directory 1."""
    kept = Kept()
    trust = SignedIndexTrust(ROOT, kept)
    trust.accept_index(index(version), NOW_MS)
    trust.accept_directory("d/directory.1", D1)
    return trust, kept


def unchanged(trust: SignedIndexTrust, kept: Kept, version: int = 5) -> None:
    found = trust.index()
    assert found is not None
    assert found.version == version
    again = SignedIndexTrust(ROOT, kept)
    again.load()
    assert again.index() == found
    assert again.directory() == trust.directory()


def test_an_index_counts_only_with_its_directory() -> None:
    kept = Kept()
    trust = SignedIndexTrust(ROOT, kept)
    trust.accept_index(index(1), NOW_MS)
    assert trust.index() is None
    assert trust.service_keys() == {}
    assert trust.missing_directory() == "d/directory.1"
    trust.accept_directory("d/directory.1", D1)
    assert trust.missing_directory() is None
    assert trust.service_keys() == {"receipt-1": PUBLISHER.public}
    unchanged(trust, kept, 1)


def test_the_same_index_again_changes_nothing() -> None:
    trust, kept = believing()
    kept.index = b"not written again"
    trust.accept_index(index(5, expires=later(3600)), NOW_MS)
    assert kept.index == b"not written again"


@pytest.mark.parametrize(
    "envelope",
    [
        pytest.param(index(4), id="older"),
        pytest.param(index(5, issued=later(1)), id="same version, other bytes"),
        pytest.param(index(5, D2, name="d/directory.2"), id="same version, newer directory"),
        pytest.param(index(6, directory(0), name="d/directory.0"), id="older directory"),
        pytest.param(index(6, directory(1)), id="directory 1 twice, with other bytes"),
        pytest.param(index(6, expires=NOW), id="past its end"),
    ],
)
def test_nothing_goes_back(envelope: bytes) -> None:
    trust, kept = believing()
    with pytest.raises(RollbackDetected):
        trust.accept_index(envelope, NOW_MS)
    assert trust.missing_directory() is None
    unchanged(trust, kept)


def test_a_frozen_service_is_noticed_when_its_index_ends() -> None:
    trust, kept = believing()
    trust.accept_index(index(5), Millis(NOW_MS + 3_599_999))
    with pytest.raises(RollbackDetected):
        trust.accept_index(index(5), Millis(NOW_MS + 3_600_000))
    unchanged(trust, kept)


def signed_by(key: SigningKey, keyid: str) -> bytes:
    payload, _ = dsse.peek_unverified(index(6))
    return dsse.sign(payload, keyid=keyid, key=key)


@pytest.mark.parametrize(
    "envelope",
    [
        pytest.param(signed_by(SigningKey.generate(), "publisher-1"), id="stranger under the publisher's name"),
        pytest.param(signed_by(PUBLISHER, "publisher-2"), id="publisher under another name"),
        pytest.param(signed_by(REGISTRAR, "registrar-1"), id="registrar"),
        pytest.param(D1, id="a directory"),
        pytest.param(b"{}", id="nothing"),
        pytest.param(index(6, None), id="no directory"),
        pytest.param(
            index(6, targets={"d/directory.1": promise(D1), "d/directory.2": promise(D2)}), id="two directories"
        ),
        pytest.param(
            index(6, targets={"d/directory.1": promise(D1), "d/directory.01": promise(D1)}), id="one, spelt twice"
        ),
    ],
)
def test_only_the_publishers_whole_index_counts(envelope: bytes) -> None:
    trust, kept = believing()
    with pytest.raises((SignatureInvalid, FormatRefused)):
        trust.accept_index(envelope, NOW_MS)
    unchanged(trust, kept)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(directory(2, SigningKey.generate()), id="stranger"),
        pytest.param(directory(2, PUBLISHER, "publisher-1"), id="publisher"),
        pytest.param(directory(2, says=1), id="another version inside"),
        pytest.param(index(6), id="an index"),
    ],
)
def test_a_directory_the_index_names_and_the_registrar_did_not_sign(data: bytes) -> None:
    """The publisher alone cannot add a device."""
    trust, kept = believing()
    trust.accept_index(index(6, data, name="d/directory.2"), NOW_MS)
    with pytest.raises(Untrusted):
        trust.accept_directory("d/directory.2", data)
    unchanged(trust, kept)
    assert kept.targets.keys() == {"d/directory.1"}


def test_a_mixed_pair_is_refused() -> None:
    """A true directory of the registrar that is not the one this index names."""
    trust, kept = believing()
    trust.accept_index(index(6, D2, name="d/directory.2"), NOW_MS)
    other = dsse.sign(dsse.peek_unverified(D2)[0] + b"", keyid="registrar-1", key=REGISTRAR)
    for name, data in (("d/directory.1", D1), ("d/directory.2", D1), ("d/directory.2", other), ("d/directory.3", D2)):
        with pytest.raises(ContentMismatch):
            trust.accept_directory(name, data)
        unchanged(trust, kept)
    trust.accept_directory("d/directory.2", D2)
    unchanged(trust, kept, 6)


def test_a_directory_nobody_waits_for_is_refused() -> None:
    trust, kept = believing()
    with pytest.raises(ContentMismatch):
        trust.accept_directory("d/directory.1", D1)
    trust.accept_index(index(6, D2, name="d/directory.2"), NOW_MS)
    with pytest.raises(RollbackDetected):
        trust.accept_index(index(4), NOW_MS)
    with pytest.raises(ContentMismatch):
        trust.accept_directory("d/directory.2", D2)
    unchanged(trust, kept)


def test_targets_are_checked_by_size_and_hash() -> None:
    trust, _ = believing()
    assert trust.check_target("p/pk_0001.1", PAPER) == PAPER
    for name, data in (("p/pk_0001.1", PAPER + b"x"), ("p/pk_0001.1", PAPER[::-1]), ("p/pk_0001.2", PAPER)):
        with pytest.raises(ContentMismatch):
            trust.check_target(name, data)


@pytest.mark.parametrize("point", ["trust.directory_kept", "trust.index_kept"])
def test_a_crash_between_the_two_leaves_a_whole_pair(point: str) -> None:
    trust, kept = believing()
    trust.accept_index(index(6, D2, name="d/directory.2"), NOW_MS)

    def crash(name: str) -> None:
        if name == point:
            raise KeyboardInterrupt(name)

    crashpoints.install(crash)
    try:
        with pytest.raises(KeyboardInterrupt):
            trust.accept_directory("d/directory.2", D2)
    finally:
        crashpoints.install(None)
    again = SignedIndexTrust(ROOT, kept)
    again.load()
    found, people = again.index(), again.directory()
    assert found is not None
    assert people is not None
    assert (found.version, people.version) == ((5, 1) if point == "trust.directory_kept" else (6, 2))


def test_what_was_kept_is_verified_again() -> None:
    for spoil in ("index", "directory", "no directory"):
        _, kept = believing()
        if spoil == "index":
            kept.index = signed_by(SigningKey.generate(), "publisher-1")
        elif spoil == "directory":
            kept.targets["d/directory.1"] = D2
        else:
            kept.targets.clear()
        trust = SignedIndexTrust(ROOT, kept)
        with pytest.raises(Untrusted):
            trust.load()
        assert trust.index() is None
