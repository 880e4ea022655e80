# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose word counts: everything a hostile service could serve instead of the current set, and crashes in between."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import structs

from client.clock import Millis, from_rfc3339
from client.crypto import dsse, hashing
from client.crypto.metadata import course, verify, write
from client.crypto.metadata.keys import HeldKey
from client.crypto.metadata.verify import PUBLISHER, REGISTRAR, ROLES, SNAPSHOT, TARGETS, TIMESTAMP
from client.domain.ids import Hash
from client.errors import (
    BadInput,
    ContentMismatch,
    FormatRefused,
    LimitExceeded,
    MetadataExpired,
    RollbackDetected,
    SignatureInvalid,
    Untrusted,
)
from client.protocol import codec
from client.protocol.http import MetadataUpload
from client.protocol.messages import Directory, Target
from client.sync import crashpoints
from client.sync.trust import TufTrust
from server.secretariat import ceremony
from tests.helpers.ceremony import DAY_MS, Ceremony, MemoryTrustStore, Shelf, held, published, role_of
from tests.unit.sync.samples import NOW

NOW_MS = from_rfc3339(NOW)
SERVICE = held("receipt-1")
MADE = Ceremony(SERVICE, NOW_MS)
PAPER = b"sealed manifest"


def directory(version: int, signer: HeldKey = MADE.registrar, says: int | None = None) -> bytes:
    value = Directory(
        version=version if says is None else says,
        devices=(),
        members=(),
        services=(role_of(SERVICE),),
        readers=(),
    )
    return dsse.sign(codec.encode(value), keyid=signer.keyid, key=signer.key)


def promise(data: bytes, **more: Any) -> Target:
    return Target(sha256=Hash(hashing.sha256(data)), size=len(data), **more)


D1, D2, D3 = directory(1), directory(2), directory(3)


def listing(number: int = 1, data: bytes = D1, **more: bytes) -> dict[str, Target]:
    return {f"d/directory.{number}": promise(data), "p/pk_0001.1": promise(PAPER)} | {
        name: promise(found) for name, found in more.items()
    }


def release(version: int, targets: Mapping[str, Target] | None = None, **how: Any) -> MetadataUpload:
    return MADE.sign(listing() if targets is None else targets, version=version, now=NOW_MS, **how)


def serving(upload: MetadataUpload, version: int, *, data: Mapping[str, bytes] | None = None, **how: Any) -> Shelf:
    """An honest service's shelf with one release on it."""
    shelf = Shelf(MADE.trusted.roots, published(upload, SERVICE, version=version, now=NOW_MS, **how))
    shelf.targets = dict(data or {"d/directory.1": D1})
    return shelf


def believing(version: int = 5) -> tuple[TufTrust, MemoryTrustStore]:
    """A device that believes release ``version`` with directory 1."""
    kept = MemoryTrustStore()
    trust = TufTrust(MADE.root, kept)
    trust.refresh(serving(release(version), version), NOW_MS)
    return trust, kept


def unchanged(trust: TufTrust, kept: MemoryTrustStore, version: int = 5) -> None:
    """The device holds ``version``, now and after a restart."""
    again = TufTrust(MADE.root, kept)
    again.load()
    for one in (trust, again):
        assert one._held is not None
        assert one._held.verified.versions[PUBLISHER] == version
    assert again.directory() == trust.directory()
    assert again.targets() == trust.targets()


def refused(shelf: Shelf, kind: type[Untrusted] | tuple[type[Untrusted], ...], now: int = NOW_MS) -> Untrusted:
    """What a believing device says to a shelf; it must believe what it believed before."""
    trust, kept = believing()
    saves = kept.saves
    with pytest.raises(kind) as caught:
        trust.refresh(shelf, Millis(now))
    assert kept.saves == saves
    unchanged(trust, kept)
    return caught.value


def changed(data: bytes, edit: Any) -> bytes:
    """Metadata with its signed part altered and nothing signed again."""
    document = json.loads(data)
    edit(document)
    return json.dumps(document).encode()


# -- the honest way ----------------------------------------------------------------------------------------------------


def test_nothing_counts_before_set_and_directory_are_here() -> None:
    kept = MemoryTrustStore()
    trust = TufTrust(MADE.root, kept)
    trust.load()
    assert (trust.targets(), trust.service_keys(), trust.publisher_keys(), trust.directory()) == ({}, {}, {}, None)
    shelf = serving(release(1), 1, data={"d/directory.1": D2})
    with pytest.raises(ContentMismatch):
        trust.refresh(shelf, NOW_MS)
    assert (trust.targets(), kept.saves) == ({}, 0)
    shelf.targets["d/directory.1"] = D1
    trust.refresh(shelf, NOW_MS)
    assert trust.service_keys() == {"receipt-1": SERVICE.public}
    assert trust.publisher_keys() == {"publisher-1": MADE.publisher.public}
    unchanged(trust, kept, 1)


def test_an_idle_look_asks_for_two_small_files_and_writes_nothing() -> None:
    trust, kept = believing()
    shelf = serving(release(5), 5)
    shelf.roles = dict(kept.roles)
    saves = kept.saves
    trust.refresh(shelf, NOW_MS)
    assert shelf.asked == ["2.root.json", "timestamp.json"]
    assert kept.saves == saves


def test_only_what_changed_is_fetched() -> None:
    trust, _ = believing()
    first = release(5)
    upload = structs.replace(release(6), targets=first.targets)
    shelf = serving(upload, 6)
    trust.refresh(shelf, NOW_MS)
    assert shelf.asked == ["2.root.json", "timestamp.json", "6.snapshot.json", "6.registrar.json", "6.publisher.json"]


def test_scope_epoch_and_key_hash_travel_with_a_pack() -> None:
    target = promise(PAPER, scope="pk_0001", epoch=3, key_hash=Hash("sha256:" + "a" * 64))
    trust = TufTrust(MADE.root, MemoryTrustStore())
    trust.refresh(serving(release(1, {**listing(), "p/pk_0001.1": target}), 1), NOW_MS)
    assert trust.target("p/pk_0001.1") == target


def test_targets_are_checked_by_size_and_hash() -> None:
    trust, _ = believing()
    assert trust.check_target("p/pk_0001.1", PAPER) == PAPER
    for name, data in (("p/pk_0001.1", PAPER + b"x"), ("p/pk_0001.1", PAPER[::-1]), ("p/pk_0001.2", PAPER)):
        with pytest.raises(ContentMismatch):
            trust.check_target(name, data)


# -- rollback, freeze, mix-and-match -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shelf", "kind"),
    [
        pytest.param(serving(release(4), 4), RollbackDetected, id="everything older"),
        pytest.param(serving(release(4), 6), RollbackDetected, id="older roles under a newer snapshot"),
        pytest.param(serving(release(5), 6, versions={SNAPSHOT: 4}), RollbackDetected, id="older snapshot"),
        pytest.param(
            serving(release(6, versions={PUBLISHER: 4}), 6), RollbackDetected, id="the publisher's alone older"
        ),
        pytest.param(
            serving(release(6, versions={REGISTRAR: 4}), 6), RollbackDetected, id="the registrar's alone older"
        ),
        pytest.param(
            serving(release(5), 5, timestamp_days=2), RollbackDetected, id="the same timestamp number, other content"
        ),
        pytest.param(
            serving(release(6, listing(0, directory(0))), 6, data={"d/directory.0": directory(0)}),
            RollbackDetected,
            id="older directory",
        ),
        pytest.param(
            serving(release(6, listing(1, directory(1))), 6, data={"d/directory.1": directory(1)}),
            RollbackDetected,
            id="directory 1 twice, with other bytes",
        ),
    ],
)
def test_nothing_goes_back(shelf: Shelf, kind: type[Untrusted]) -> None:
    refused(shelf, kind)


@pytest.mark.parametrize("role", ["root", *ROLES])
def test_each_role_past_its_end_is_refused_and_what_was_believed_stays(role: str) -> None:
    late = NOW_MS + 400 * DAY_MS
    days = {"timestamp_days": 500, "snapshot_days": 500, role + "_days": 399}
    how = {key: days[key] for key in ("timestamp_days", "snapshot_days")}
    signed_days = 399 if role in (REGISTRAR, PUBLISHER) else 500
    upload = release(6, days=signed_days)
    if role == TARGETS:
        who = write.Delegation(
            {MADE.registrar.keyid: MADE.registrar.public}, {MADE.publisher.keyid: MADE.publisher.public}
        )
        short = write.targets(who, version=2, expires=Millis(NOW_MS + 399 * DAY_MS), signers=MADE.offline[:2])
        upload = structs.replace(upload, targets=short)
    if role == "root":
        late = NOW_MS + (ceremony.ROOT_DAYS + 1) * DAY_MS
        how = {"timestamp_days": 5000, "snapshot_days": 5000}
        upload = release(6, days=5000)
    shelf = serving(upload, 6, **how)
    error = refused(shelf, MetadataExpired, late)
    assert "báo Thư ký" in error.next_step.vi
    if role not in (REGISTRAR, PUBLISHER):
        assert error.detail == role


def test_a_frozen_service_is_noticed_when_its_timestamp_ends() -> None:
    trust, kept = believing()
    frozen = Shelf(MADE.trusted.roots, kept.roles)
    trust.refresh(frozen, Millis(NOW_MS + DAY_MS - 1000))
    with pytest.raises(MetadataExpired):
        trust.refresh(frozen, Millis(NOW_MS + DAY_MS))
    unchanged(trust, kept)
    trust.refresh(serving(release(6), 6, timestamp_days=3), Millis(NOW_MS + DAY_MS))
    unchanged(trust, kept, 6)


@pytest.mark.parametrize("role", [SNAPSHOT, TARGETS, REGISTRAR, PUBLISHER])
def test_true_roles_of_two_releases_do_not_mix(role: str) -> None:
    new = serving(release(7, listing(2, D2)), 7, data={"d/directory.2": D2})
    other = release(6)
    older = published(other, SERVICE, version=6, now=NOW_MS)
    if role == TARGETS:  # the same number, other bytes: signed again
        older[TARGETS] = write.targets(
            write.Delegation({MADE.registrar.keyid: MADE.registrar.public}, {MADE.publisher.keyid: held("x-1").public}),
            version=1,
            expires=Millis(NOW_MS + DAY_MS),
            signers=MADE.offline[:2],
        )
        trust = TufTrust(MADE.root, MemoryTrustStore())
        new.roles[role] = older[role]
        with pytest.raises(ContentMismatch):
            trust.refresh(new, NOW_MS)
        return
    new.roles[role] = older[role]
    refused(new, ContentMismatch)


# -- tampering, thresholds, delegations --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("how", ["version", "expires", "unknown field", "stranger's signature", "cut", "nothing"])
def test_no_role_can_be_altered(role: str, how: str) -> None:
    def edit(document: dict[str, Any]) -> None:
        if how == "version":
            document["signed"]["version"] += 1
        elif how == "expires":
            document["signed"]["expires"] = "2036-01-01T00:00:00Z"
        elif how == "unknown field":
            document["signed"]["x-new"] = 1
        else:
            [one, *_] = document["signatures"]
            raw = held(one["keyid"])
            forged = write.timestamp((1, b"x"), version=1, expires=NOW_MS, signer=raw)
            document["signatures"] = [{**one, "sig": json.loads(forged)["signatures"][0]["sig"]}]

    shelf = serving(release(6, listing(2, D2)), 6, data={"d/directory.2": D2})
    whole = shelf.roles[role]
    if how == "cut":
        shelf.roles[role] = whole[:-5]
    elif how == "nothing":
        shelf.roles[role] = b"{}"
    else:
        shelf.roles[role] = changed(whole, edit)
    if role == TARGETS:  # unchanged since the last release, so the device would not even ask for it
        trust = TufTrust(MADE.root, MemoryTrustStore())
        with pytest.raises(Untrusted):
            trust.refresh(shelf, NOW_MS)
        assert trust.targets() == {}
        return
    refused(shelf, (SignatureInvalid, FormatRefused, ContentMismatch))


def test_unknown_fields_that_were_signed_are_kept_and_decide_nothing() -> None:
    from securesystemslib.signer import Signature
    from tuf.api.metadata import Metadata

    from client.crypto.metadata.keys import RoleSigner

    upload = release(6)
    assert upload.publisher is not None
    found = Metadata.from_bytes(upload.publisher)
    found.signed.unrecognized_fields["x-of-a-later-version"] = {"a": [1, 2]}
    found.signatures = {}
    signature: Signature = found.sign(RoleSigner(MADE.publisher))
    assert signature.keyid == "publisher-1"
    trust, kept = believing()
    trust.refresh(serving(structs.replace(upload, publisher=found.to_bytes()), 6), NOW_MS)
    unchanged(trust, kept, 6)


@pytest.mark.parametrize("role", [TIMESTAMP, SNAPSHOT, TARGETS, REGISTRAR, PUBLISHER])
def test_each_role_takes_what_fits_its_limit_and_refuses_one_byte_more(
    role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = serving(release(6), 6)
    size = len(shelf.roles[role])
    monkeypatch.setattr(course, "LIMITS", {**verify.LIMITS, role: size})
    TufTrust(MADE.root, MemoryTrustStore()).refresh(shelf, NOW_MS)
    monkeypatch.setattr(course, "LIMITS", {**verify.LIMITS, role: size - 1})
    with pytest.raises(LimitExceeded):
        TufTrust(MADE.root, MemoryTrustStore()).refresh(shelf, NOW_MS)


def test_the_publisher_cannot_add_a_device_nor_the_registrar_a_paper() -> None:
    targets = listing(2, D2)
    for role, key in ((PUBLISHER, MADE.publisher), (REGISTRAR, MADE.registrar)):
        upload = release(6, targets)
        foreign = write.files(ceremony.described(targets), version=6, expires=Millis(NOW_MS + DAY_MS), signers=[key])
        upload = structs.replace(upload, **{role: foreign})
        refused(serving(upload, 6, data={"d/directory.2": D2}), FormatRefused)


@pytest.mark.parametrize(
    "upload",
    [
        pytest.param(release(6, publisher=[MADE.registrar]), id="registrar signs papers"),
        pytest.param(release(6, registrar=[MADE.publisher]), id="publisher signs devices"),
        pytest.param(release(6, publisher=[held("publisher-1")]), id="stranger under the publisher's name"),
        pytest.param(release(6, publisher=[HeldKey("publisher-9", MADE.publisher.key)]), id="another name"),
        pytest.param(release(6, publisher=[SERVICE]), id="the service"),
    ],
)
def test_only_the_delegated_key_signs(upload: MetadataUpload) -> None:
    refused(serving(upload, 6), SignatureInvalid)


@pytest.mark.parametrize(
    ("targets", "kind"),
    [
        ({"p/pk_0001.1": promise(PAPER)}, FormatRefused),
        ({**listing(), "d/directory.2": promise(D2)}, FormatRefused),
        ({**listing(), "d/directory.01": promise(D1)}, FormatRefused),
        ({**listing(), "p/../x.1": promise(PAPER)}, FormatRefused),
        ({**listing(), "p/pk_0002": promise(PAPER)}, FormatRefused),
    ],
    ids=["no directory", "two directories", "one, spelt twice", "a path", "no revision"],
)
def test_names_are_checked_though_signed(targets: dict[str, Target], kind: type[Untrusted]) -> None:
    refused(serving(release(6, targets), 6), kind)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(directory(2, held("registrar-1")), id="stranger"),
        pytest.param(directory(2, MADE.publisher), id="publisher"),
        pytest.param(directory(2, says=1), id="another version inside"),
        pytest.param(PAPER, id="no directory at all"),
    ],
)
def test_a_directory_inside_is_the_registrars_too(data: bytes) -> None:
    refused(serving(release(6, listing(2, data)), 6, data={"d/directory.2": data}), Untrusted)


# -- rotation ----------------------------------------------------------------------------------------------------------


def rotated(*, signers: list[HeldKey] | None = None, old: str = "root-1") -> tuple[Ceremony, HeldKey]:
    """The same ceremony after one root key was replaced."""
    after = Ceremony.__new__(Ceremony)
    after.__dict__ = dict(MADE.__dict__)
    new = held("root-4")
    after.trusted = ceremony.replace_root_key(
        MADE.trusted, old=old, new=new, signers=signers or MADE.offline[1:], now=NOW_MS
    )
    return after, new


def test_a_replaced_root_key_is_followed_and_kept_and_no_longer_counts() -> None:
    after, new = rotated()
    trust, kept = believing()
    shelf = Shelf(
        after.trusted.roots, published(after.sign(listing(), version=6, now=NOW_MS), SERVICE, version=6, now=NOW_MS)
    )
    trust.refresh(shelf, NOW_MS)
    unchanged(trust, kept, 6)
    assert len(kept.roots) == 1
    assert set(verify.root_keys(after.trusted.roots)) == {"root-2", "root-3", "root-4"}
    # The old key with one that stays is below the new root's threshold.
    who = write.Delegation({MADE.registrar.keyid: MADE.registrar.public}, {MADE.publisher.keyid: MADE.publisher.public})
    old = write.targets(who, version=3, expires=Millis(NOW_MS + DAY_MS), signers=MADE.offline[:2])
    stale = published(
        structs.replace(after.sign(listing(), version=7, now=NOW_MS), targets=old), SERVICE, version=7, now=NOW_MS
    )
    with pytest.raises(SignatureInvalid):
        trust.refresh(Shelf(after.trusted.roots, stale), NOW_MS)
    good = write.targets(who, version=3, expires=Millis(NOW_MS + DAY_MS), signers=[MADE.offline[2], new])
    fresh = published(
        structs.replace(after.sign(listing(), version=7, now=NOW_MS), targets=good), SERVICE, version=7, now=NOW_MS
    )
    trust.refresh(Shelf(after.trusted.roots, fresh), NOW_MS)
    unchanged(trust, kept, 7)


def test_a_long_chain_of_roots_is_followed_from_the_installed_one() -> None:
    after, offline = MADE.trusted, list(MADE.offline)
    for number in range(4, 9):
        new = held(f"root-{number}")
        after = ceremony.replace_root_key(after, old=offline[0].keyid, new=new, signers=offline[1:], now=NOW_MS)
        offline = [*offline[1:], new]
    upload = structs.replace(release(6), roots=after.roots, targets=after.targets)
    shelf = Shelf(after.roots, published(upload, SERVICE, version=6, now=NOW_MS))
    trust, kept = believing()
    trust.refresh(shelf, NOW_MS)
    unchanged(trust, kept, 6)
    assert len(kept.roots) == 5


def test_a_root_below_the_threshold_is_refused() -> None:
    plan = write.RootPlan(
        {key.keyid: key.public for key in MADE.offline[1:]} | {"root-4": held("root-4").public},
        2,
        {SERVICE.keyid: SERVICE.public},
    )
    thief = MADE.offline[:1]
    lone = write.root(plan, version=2, expires=Millis(NOW_MS + DAY_MS), signers=thief)
    refused(Shelf((*MADE.trusted.roots, lone), published(release(6), SERVICE, version=6, now=NOW_MS)), SignatureInvalid)


@pytest.mark.parametrize("version", [1, 3], ids=["the number before", "a number left out"])
def test_roots_follow_one_by_one(version: int) -> None:
    plan = write.RootPlan({key.keyid: key.public for key in MADE.offline}, 2, {SERVICE.keyid: SERVICE.public})
    odd = write.root(plan, version=version, expires=Millis(NOW_MS + DAY_MS), signers=MADE.offline)
    shelf = Shelf((), published(release(6), SERVICE, version=6, now=NOW_MS))
    shelf.get_metadata = lambda name, limit: odd if "root" in name else shelf.roles[name.split(".")[-2]]  # type: ignore[method-assign]
    refused(shelf, RollbackDetected)


def test_one_key_under_two_names_does_not_make_two() -> None:
    twice = {"root-1": MADE.offline[0].public, "root-9": MADE.offline[0].public}
    with pytest.raises(BadInput):
        write.root(write.RootPlan(twice, 2, {SERVICE.keyid: SERVICE.public}), version=2, expires=NOW_MS, signers=[])
    other = held("root-9")
    plan = write.RootPlan(
        {"root-1": MADE.offline[0].public, "root-9": other.public}, 2, {SERVICE.keyid: SERVICE.public}
    )
    made = write.root(plan, version=1, expires=Millis(NOW_MS + DAY_MS), signers=[MADE.offline[0], other])

    def double(document: dict[str, Any]) -> None:
        document["signed"]["keys"]["root-9"] = document["signed"]["keys"]["root-1"]

    with pytest.raises(Untrusted):
        verify.root_version((changed(made, double),))


@pytest.mark.parametrize("role", [REGISTRAR, PUBLISHER])
def test_registrar_and_publisher_can_be_replaced(role: str) -> None:
    new = held(f"{role}-2")
    trusted = ceremony.replace_role_key(MADE.trusted, role, role_of(new), signers=MADE.offline[1:], now=NOW_MS)
    upload = structs.replace(release(6, **{role: [new]}), targets=trusted.targets)
    trust, kept = believing()
    trust.refresh(serving(upload, 6), NOW_MS)
    unchanged(trust, kept, 6)
    # The directory in force is still the old registrar's, and what the old publisher signed is still readable.
    assert trust.directory() is not None
    assert "publisher-1" in trust.publisher_keys()
    stolen = structs.replace(release(7), targets=trusted.targets)
    with pytest.raises(SignatureInvalid):
        trust.refresh(serving(stolen, 7), NOW_MS)
    unchanged(trust, kept, 6)


def test_after_a_fast_forward_a_replaced_service_key_starts_anew() -> None:
    """Whoever stole the service's key pushed its numbers to the top; a new key must not be stuck behind them."""
    trust, kept = believing()
    top = 2**40
    trust.refresh(serving(release(6), top), NOW_MS)
    fresh = held("receipt-2")
    plan = write.RootPlan({key.keyid: key.public for key in MADE.offline}, 2, {fresh.keyid: fresh.public})
    root = write.root(plan, version=2, expires=Millis(NOW_MS + DAY_MS), signers=MADE.offline)
    with pytest.raises(RollbackDetected):
        trust.refresh(Shelf((*MADE.trusted.roots, root), published(release(4), fresh, version=8, now=NOW_MS)), NOW_MS)
    trust.refresh(Shelf((*MADE.trusted.roots, root), published(release(7), fresh, version=8, now=NOW_MS)), NOW_MS)
    unchanged(trust, kept, 7)


def test_a_new_root_without_a_new_set_keeps_the_old_set_readable_and_the_old_key_out() -> None:
    trust, kept = believing()
    fresh = held("receipt-2")
    plan = write.RootPlan({key.keyid: key.public for key in MADE.offline}, 2, {fresh.keyid: fresh.public})
    root = write.root(plan, version=2, expires=Millis(NOW_MS + DAY_MS), signers=MADE.offline)
    shelf = Shelf((*MADE.trusted.roots, root), published(release(6), SERVICE, version=6, now=NOW_MS))
    with pytest.raises(SignatureInvalid):
        trust.refresh(shelf, NOW_MS)
    assert kept.roots == [root]
    unchanged(trust, kept)
    again = TufTrust(MADE.root, kept)
    again.load()
    with pytest.raises(SignatureInvalid):  # even when the service hides the new root from now on
        again.refresh(Shelf((), shelf.roles), NOW_MS)


# -- crashes, and what was kept ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", ["trust.root_kept", "trust.directory_kept", "trust.metadata_kept"])
def test_a_crash_in_between_leaves_a_whole_pair(point: str) -> None:
    after, _ = rotated()
    trust, kept = believing()
    upload = after.sign(listing(2, D2), version=6, now=NOW_MS)
    shelf = Shelf(after.trusted.roots, published(upload, SERVICE, version=6, now=NOW_MS))
    shelf.targets["d/directory.2"] = D2

    def crash(name: str) -> None:
        if name == point:
            raise KeyboardInterrupt(name)

    crashpoints.install(crash)
    try:
        with pytest.raises(KeyboardInterrupt):
            trust.refresh(shelf, NOW_MS)
    finally:
        crashpoints.install(None)
    again = TufTrust(MADE.root, kept)
    again.load()
    people = again.directory()
    assert people is not None
    assert people.version == (2 if point == "trust.metadata_kept" else 1)
    again.refresh(shelf, NOW_MS)
    unchanged(again, kept, 6)
    assert len(kept.roots) == 1


@pytest.mark.parametrize("spoil", [*ROLES, "root", "directory", "no directory"])
def test_what_was_kept_is_verified_again(spoil: str) -> None:
    after, _ = rotated()
    trust, kept = believing()
    upload = after.sign(listing(2, D2), version=6, now=NOW_MS)
    shelf = Shelf(after.trusted.roots, published(upload, SERVICE, version=6, now=NOW_MS))
    shelf.targets["d/directory.2"] = D2
    trust.refresh(shelf, NOW_MS)

    def later(document: dict[str, Any]) -> None:
        document["signed"]["expires"] = "2036-01-01T00:00:00Z"

    if spoil in ROLES:
        kept.roles[spoil] = changed(kept.roles[spoil], later)
    elif spoil == "root":
        kept.roots[0] = changed(kept.roots[0], later)
    elif spoil == "directory":
        kept.targets["d/directory.2"] = D1
    else:
        kept.targets.clear()
    again = TufTrust(MADE.root, kept)
    with pytest.raises(Untrusted):
        again.load()
    assert again.targets() == {}


def test_a_device_long_offline_knows_what_it_knew() -> None:
    _, kept = believing()
    again = TufTrust(MADE.root, kept)
    again.load()
    assert again.targets().keys() == listing().keys()


def test_a_clock_beyond_the_calendar_is_only_late() -> None:
    trust, kept = believing()
    for now in (10**17, 2**62):
        with pytest.raises(MetadataExpired):
            trust.refresh(serving(release(6), 6), Millis(now))
    trust.refresh(serving(release(6), 6), Millis(-(10**15)))
    unchanged(trust, kept, 6)
    assert datetime.now(UTC).year < 9999
