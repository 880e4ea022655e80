# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keystores: what is refused, what the demo stores keep, and the anchor in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from client.crypto.secret import Secret
from client.errors import FormatRefused, KeyFileDamaged, KeystoreUnavailable, RollbackDetected
from client.keys.anchor import Anchor, FreshnessAnchor, entry_name
from client.keys.keyring_store import MAX_SECRET, MemoryStore, OsKeyring, PassphraseFileStore, SecretStore
from client.keys.late import LateKeystore
from tests.unit.keys.world import DEVICE, LIGHT

HASH = "sha256:" + "a" * 64


class Working(KeyringBackend):
    """What an operating system's keystore looks like from here."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked("locked")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.entries:
            raise PasswordDeleteError("none")
        del self.entries[service, username]


class Weak(Working):
    priority = 0  # type: ignore[assignment]


class PlainText(Working):
    """Stands for the file back ends of keyrings.alt, which name themselves usable."""


PlainText.__module__ = "keyrings.alt.file"


class Chain(ChainerBackend):
    members: ClassVar[list[Any]] = []
    backends = property(lambda self: self.members)  # type: ignore[assignment]


Chain.__module__ = ChainerBackend.__module__


def chain(*members: KeyringBackend) -> Chain:
    found = Chain()
    Chain.members = list(members)
    return found


@pytest.mark.parametrize(
    "make", [FailKeyring, NullKeyring, Weak, PlainText, chain, lambda: chain(PlainText(), NullKeyring())]
)
def test_refused_back_ends(make: Any) -> None:
    with pytest.raises(KeystoreUnavailable):
        OsKeyring(backend=make())


def test_the_back_end_of_this_machine_under_test_is_refused() -> None:
    with pytest.raises(KeystoreUnavailable, match="fail"):
        OsKeyring()


def test_a_keystore_that_comes_late_is_found_by_the_next_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desktop's keystore may start after the program."""
    store = LateKeystore()
    with pytest.raises(KeystoreUnavailable):
        store.get("x")
    with pytest.raises(KeystoreUnavailable):
        assert store.backend_name
    monkeypatch.setattr("keyring.core._keyring_backend", None)  # put back after the test: the library keeps to it
    monkeypatch.setattr("keyring.core._detect_backend", lambda _limit: Working())
    store.put("x", Secret(b"1"))
    kept = store.get("x")
    assert kept is not None
    assert kept.reveal() == b"1"
    assert store.backend_name.endswith("Working")
    store.delete("x")
    assert store.get("x") is None


def test_of_a_chain_only_the_usable_member_is_used() -> None:
    good, bad = Working(), PlainText()
    store = OsKeyring(backend=chain(bad, good))
    store.put("x", Secret(b"1"))
    assert (len(good.entries), len(bad.entries)) == (1, 0)
    assert store.backend_name.endswith("Working")


def test_a_locked_keystore_says_so() -> None:
    backend = Working()
    store = OsKeyring("vn.ecabinet.test", backend)
    store.put("x", Secret(b"1"))
    backend.locked = True
    for call in (lambda: store.get("x"), lambda: store.put("x", Secret(b"2")), lambda: store.delete("x")):
        with pytest.raises(KeystoreUnavailable):
            call()


def test_an_entry_somebody_wrote_over() -> None:
    backend = Working()
    backend.entries["vn.ecabinet", "x"] = "not base64!"
    with pytest.raises(KeyFileDamaged):
        OsKeyring(backend=backend).get("x")


def stores(folder: Path) -> list[SecretStore]:
    return [
        OsKeyring(backend=Working()),
        MemoryStore(),
        PassphraseFileStore(folder / "store", Secret(b"correct horse"), params=LIGHT),
    ]


def test_every_store_keeps_replaces_and_forgets(tmp_path: Path) -> None:
    for store in stores(tmp_path):
        assert store.get("x") is None
        store.delete("x")
        store.put("x", Secret(b"\x00\xff"))
        store.put("y", Secret(b""))
        assert (store.get("x"), store.get("y")) == (Secret(b"\x00\xff"), Secret(b""))
        store.put("x", Secret(bytes(MAX_SECRET)))
        assert store.get("x") == Secret(bytes(MAX_SECRET))
        with pytest.raises(KeystoreUnavailable):
            store.put("x", Secret(bytes(MAX_SECRET + 1)))
        store.delete("x")
        assert store.get("x") is None


def test_the_demo_file_keeps_and_hides(tmp_path: Path) -> None:
    path, passphrase = tmp_path / "store", Secret(b"m\xc3\xa0u xanh")
    PassphraseFileStore(path, passphrase, params=LIGHT).put("unlock/d_1/a", Secret(b"canary-canary"))
    again = PassphraseFileStore(path, passphrase, params=LIGHT)
    assert again.get("unlock/d_1/a") == Secret(b"canary-canary")
    assert again.backend_name == "sealed file (demo)"
    data = path.read_bytes()
    for word in (b"canary", b"Y2FuYXJ5", b"unlock"):
        assert word not in data
    with pytest.raises(KeystoreUnavailable):
        PassphraseFileStore(path, Secret(b"wrong"), params=LIGHT)
    path.write_bytes(data[:-1])
    with pytest.raises(KeyFileDamaged):
        PassphraseFileStore(path, passphrase, params=LIGHT)


def test_the_anchor_only_moves_forward(tmp_path: Path) -> None:
    for store in stores(tmp_path):
        anchor = FreshnessAnchor(store, DEVICE)
        assert anchor.read() is None
        anchor.write(4, HASH)
        anchor.write(4, HASH)
        with pytest.raises(RollbackDetected):
            anchor.write(3, HASH)
        with pytest.raises(RollbackDetected):
            anchor.write(4, HASH[:-1] + "b")
        anchor.write(9, HASH)
        assert FreshnessAnchor(store, DEVICE).read() == Anchor(9, HASH) == (9, HASH)
        assert FreshnessAnchor(store, "d_other").read() is None


def test_what_is_not_an_anchor() -> None:
    store = MemoryStore()
    anchor = FreshnessAnchor(store, DEVICE)
    for n, name in ((0, HASH), (-1, HASH), (1, "sha256:1"), (1, "")):
        with pytest.raises(FormatRefused):
            anchor.write(n, name)
    for entry in (b"", b"{}", b"[]", b'{"n":1}', b'{"n":true,"hash":"%s"}' % HASH.encode(), b"\xff"):
        store.put(entry_name(DEVICE), Secret(entry))
        with pytest.raises(FormatRefused):
            anchor.read()
