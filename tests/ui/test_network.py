# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network that returns and the machine that wakes are reasons to look; nothing else is."""

from __future__ import annotations

import ipaddress

from PySide6.QtWidgets import QApplication

from client.ui.network import TICK_MS, NetworkWatch, own_addresses
from tests.helpers.ui_world import SetClock


def test_an_address_that_comes_or_changes_is_a_reason_and_one_that_goes_is_not(qapp: QApplication) -> None:
    told: list[str] = []
    now: list[frozenset[str]] = [frozenset({"10.0.0.7"})]
    clock = SetClock()
    watch = NetworkWatch(told.append, clock, addresses=lambda: now[0])
    for addresses, reasons in (
        ({"10.0.0.7"}, 0),
        (set(), 0),
        ({"10.0.0.7"}, 1),
        ({"172.16.4.2"}, 2),
        ({"172.16.4.2", "2001:db8::7"}, 3),
        ({"2001:db8::7"}, 3),
    ):
        now[0] = frozenset(addresses)
        clock.advance(TICK_MS / 1000)
        watch.tick()
        assert told == ["network"] * reasons, addresses


def test_time_that_no_tick_explains_was_sleep(qapp: QApplication) -> None:
    told: list[str] = []
    clock = SetClock()
    watch = NetworkWatch(told.append, clock, addresses=frozenset)
    for seconds in (TICK_MS / 1000, TICK_MS / 1000 + 30, 2):
        clock.advance(seconds)
        watch.tick()
    assert told == []
    clock.advance(8 * 3600)
    watch.tick()
    watch.tick()
    assert told == ["wake"]


def test_the_machine_is_asked_and_answers_with_addresses() -> None:
    assert all(ipaddress.ip_address(address) for address in own_addresses())
