# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which of the member's devices are news."""

from __future__ import annotations

from client.domain.devices import NoticeKind, OwnDevice, device_notices
from client.domain.ids import DeviceId, Moment

START, END = Moment("2026-11-20T00:00:00.000Z"), Moment("2027-11-20T00:00:00.000Z")


def device(ident: str, state: str = "active", *, here: bool = False) -> OwnDevice:
    return OwnDevice(DeviceId(ident), "SURFACE", "0000", state, START, END, here)


ME, OTHER = device("d_0001", here=True), device("d_0002")


def test_what_was_there_at_the_first_look_is_no_news() -> None:
    assert device_notices([ME, OTHER], None) == ()


def test_a_device_listed_later_is_told_until_confirmed_and_this_one_never() -> None:
    [notice] = device_notices([ME, OTHER], {"d_0009": "active"})
    assert (notice.kind, notice.device) == (NoticeKind.DEVICE_NEW, OTHER)
    assert device_notices([ME, OTHER], {"d_0001": "active", "d_0002": "active"}) == ()


def test_a_known_device_that_loses_its_right_is_told_once() -> None:
    for state in ("revoked", "wipe", "suspended"):
        [notice] = device_notices([ME, device("d_0002", state)], {"d_0001": "active", "d_0002": "active"})
        assert notice.kind is NoticeKind.DEVICE_ENDED
        assert device_notices([device("d_0002", state)], {"d_0002": state}) == ()


def test_one_that_was_revoked_before_it_was_ever_seen_is_no_news() -> None:
    assert device_notices([device("d_0003", "revoked")], {"d_0001": "active"}) == ()
