# SPDX-License-Identifier: AGPL-3.0-or-later
"""The program's front door against the real service: enrol, revoke, lapse, wipe, start over, set aside."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from client import left_behind, wipe
from client import profile as profiles
from client.app import Windows
from client.domain.ids import DeviceId
from client.domain.lease import DAY_MS, Lease, LeaseState
from client.errors import KeystoreUnavailable
from client.keys.keyring_store import MemoryStore, SecretStore
from client.keys.late import LateKeystore
from client.paths import ProfilePaths
from client.surroundings import Surroundings
from client.sync.events import SyncFinished, SyncStatus
from client.ui.screens.enrol import EnrolScreen
from client.ui.screens.held import HeldScreen
from client.ui.screens.lock import LockScreen
from client.ui.situations import Kind, Step
from tests.helpers.world import World

PIN = "284915"
SOON = 60_000


class Tablet:
    """The real windows on a profile of its own."""

    def __init__(
        self, app: QApplication, world: World, folder: Path, qtbot: QtBot, keystore: SecretStore | None = None
    ) -> None:
        self.app, self.world, self.qtbot = app, world, qtbot
        self.paths, self.keystore = ProfilePaths(folder), keystore or MemoryStore()
        self.open()

    def open(self) -> None:
        around = Surroundings(keystore=self.keystore)
        self.windows = Windows(self.app, self.paths, around, root=self.world.desk.root())
        self.windows.begin()

    def close(self) -> None:
        self.windows.window.close()

    def front(self, kind: type[QWidget]) -> QWidget:
        """Wait until a screen of that kind stands in front."""

        def there() -> bool:
            return isinstance(self.windows.window.front, kind)

        self.qtbot.waitUntil(there, timeout=SOON)
        found = self.windows.window.front
        assert found is not None
        return found

    def held(self, kind: Kind) -> HeldScreen:
        def there() -> bool:
            front = self.windows.window.front
            return isinstance(front, HeldScreen) and front.kind is kind

        self.qtbot.waitUntil(there, timeout=SOON)
        found = self.windows.window.front
        assert isinstance(found, HeldScreen)
        return found

    def press(self, kind: Kind, step: Step) -> None:
        screen = self.held(kind)
        QTest.mouseClick(screen.buttons[step], Qt.MouseButton.LeftButton)
        if step is Step.START_OVER:
            QTest.mouseClick(screen.sure, Qt.MouseButton.LeftButton)

    def enrol(self) -> str:
        """As a member and the registrar do it; the device's id."""
        screen = self.front(EnrolScreen)
        assert isinstance(screen, EnrolScreen)
        screen.server.setText(self.world.wire.url)
        screen.ticket.setText(self.world.desk.open_ticket("m_017").ticket)
        QTest.mouseClick(screen.begin_button, Qt.MouseButton.LeftButton)
        for _ in range(2):
            QTest.keyClicks(screen.pin, PIN)
            QTest.keyClick(screen.pin, Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: screen.step == 2, timeout=SOON)
        profile = profiles.load(self.paths.profile)
        assert profile is not None
        assert screen.qr.isVisible()
        self.world.desk.approve(profile.device, profile.qr)
        return profile.device

    def unlock(self) -> None:
        screen = self.front(LockScreen)
        assert isinstance(screen, LockScreen)
        self.qtbot.waitUntil(screen.pin.isEnabled, timeout=SOON)
        QTest.keyClicks(screen.pin, PIN)
        QTest.keyClick(screen.pin, Qt.Key.Key_Return)

    def ready(self) -> None:
        self.qtbot.waitUntil(lambda: not self.windows.window.locked, timeout=SOON)
        self.until(lambda status: status.last_sync is not None)
        for sheet in self.windows.window.findChildren(QDialog):
            sheet.accept()  # the welcome of a first start

    def until(self, true: Callable[[SyncStatus], bool]) -> None:
        core = self.windows.core
        assert core is not None
        self.qtbot.waitUntil(lambda: true(core.engine.status()), timeout=SOON)


@pytest.fixture(scope="module")
def cabinet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    start = datetime.now(timezone(timedelta(hours=7))).replace(microsecond=0) + timedelta(days=4)
    with World(tmp_path_factory.mktemp("cabinet"), start=start) as world:
        yield world


@pytest.fixture
def tablet(ui_app: QApplication, cabinet: World, tmp_path: Path, qtbot: QtBot) -> Iterator[Tablet]:
    made = Tablet(ui_app, cabinet, tmp_path / "profile", qtbot)
    yield made
    made.close()


class Later:
    """A keystore that the machine does not have at first."""

    def __init__(self) -> None:
        self.there = False
        self.kept = MemoryStore()

    def find(self) -> MemoryStore:
        if not self.there:
            raise KeystoreUnavailable("none")
        return self.kept


def test_a_machine_without_a_keystore_says_so_before_anything_is_typed(
    ui_app: QApplication, cabinet: World, tmp_path: Path, qtbot: QtBot
) -> None:
    later = Later()
    tablet = Tablet(ui_app, cabinet, tmp_path / "profile", qtbot, LateKeystore(later.find))
    tablet.press(Kind.KEYSTORE_SILENT, Step.RETRY)
    tablet.held(Kind.KEYSTORE_SILENT)
    assert not (tmp_path / "profile" / "device.key").exists()
    later.there = True
    tablet.press(Kind.KEYSTORE_SILENT, Step.RETRY)
    tablet.enrol()
    tablet.unlock()
    tablet.ready()
    tablet.close()


def test_a_profile_that_is_damaged_behind_what_a_glance_reads_is_told_before_the_pin(
    tablet: Tablet, tmp_path: Path
) -> None:
    tablet.enrol()
    tablet.front(LockScreen)
    tablet.close()
    file = tmp_path / "profile" / "profile.json"
    known = json.loads(file.read_text("utf-8"))
    del known["server_url"]
    file.write_text(json.dumps(known), "utf-8")
    tablet.open()
    tablet.held(Kind.KEYS_DAMAGED)


def test_enrolled_then_revoked_then_admitted_no_more(tablet: Tablet) -> None:
    device = tablet.enrol()
    tablet.unlock()
    tablet.ready()
    tablet.world.desk.revoke(device)
    assert tablet.windows.core is not None
    tablet.windows.core.engine.poke("member")
    screen = tablet.held(Kind.SUSPENDED)
    assert tablet.windows.window.locked
    QTest.mouseClick(screen.buttons[Step.SYNC], Qt.MouseButton.LeftButton)
    tablet.qtbot.waitUntil(lambda: tablet.windows.window.front is not screen, timeout=SOON)
    tablet.press(Kind.SUSPENDED, Step.START_OVER)
    tablet.front(EnrolScreen)
    assert profiles.load(tablet.paths.profile) is None
    assert not tablet.paths.record.exists()
    assert not tablet.keystore._secrets
    assert tablet.enrol() != device
    tablet.unlock()
    tablet.ready()


def test_a_wipe_ordered_from_afar_ends_in_a_plain_screen_and_a_report(tablet: Tablet) -> None:
    device = tablet.enrol()
    tablet.unlock()
    tablet.ready()
    tablet.world.desk.revoke(device, wipe=True)
    assert tablet.windows.core is not None
    tablet.windows.core.engine.poke("member")
    tablet.held(Kind.WIPED)
    assert {path.name for path in tablet.paths.base.iterdir()} == {"erased.json"}
    assert device in {order.device for order in tablet.world.desk.wiped() if order.reported is not None}
    tablet.close()
    tablet.open()  # still said after a restart
    tablet.press(Kind.WIPED, Step.ENROL)
    tablet.front(EnrolScreen)
    assert wipe.load(tablet.paths) is None


def test_a_lapsed_lease_locks_and_contact_opens_again(tablet: Tablet) -> None:
    tablet.enrol()
    tablet.unlock()
    tablet.ready()
    core = tablet.windows.core
    assert core is not None
    tablet.until(lambda status: status.lease.state is LeaseState.RUNNING)
    core.set_offline(True)
    fresh = core.engine._freshness
    with fresh._lock:
        assert fresh._fresh is not None
        fresh._fresh -= 15 * DAY_MS  # type: ignore[assignment]
    tablet.windows.bridge.post_engine_event(SyncFinished(core.engine.status()))
    screen = tablet.held(Kind.LEASE_LAPSED)
    assert core.engine.status().lease == Lease(LeaseState.LAPSED, core.engine.status().lease.ends)
    core.set_offline(False)
    QTest.mouseClick(screen.buttons[Step.SYNC], Qt.MouseButton.LeftButton)
    tablet.unlock()
    tablet.ready()


def test_a_lost_keystore_entry_is_explained_and_set_aside(tablet: Tablet) -> None:
    device = tablet.enrol()
    tablet.unlock()
    tablet.ready()
    tablet.close()
    (tablet.paths.sealed_copies / "7").write_bytes(b"sealed")
    kept = dict(tablet.keystore._secrets)
    for name in [name for name in kept if name.startswith("unlock/")]:
        tablet.keystore.delete(name)
    tablet.open()
    tablet.unlock()
    tablet.press(Kind.KEYSTORE_MISSING, Step.SET_ASIDE)
    tablet.front(EnrolScreen)
    aside = tablet.paths.base / f"old-{device}"
    assert {"record.db", "device.key", "profile.json", "outbox"} <= {path.name for path in aside.iterdir()}
    left = left_behind.load(tablet.paths)
    assert left is not None
    assert (left.device, [act.n for act in left.acts]) == (DeviceId(device), [7])


def test_a_forgotten_pin_says_what_is_lost(tablet: Tablet) -> None:
    tablet.enrol()
    screen = tablet.front(LockScreen)
    assert isinstance(screen, LockScreen)
    QTest.mouseClick(screen.forgot, Qt.MouseButton.LeftButton)
    tablet.press(Kind.PIN_FORGOTTEN, Step.BACK)
    screen = tablet.front(LockScreen)
    assert isinstance(screen, LockScreen)
    QTest.mouseClick(screen.forgot, Qt.MouseButton.LeftButton)
    tablet.press(Kind.PIN_FORGOTTEN, Step.START_OVER)
    tablet.front(EnrolScreen)
    assert not tablet.paths.key_file.exists()


def test_control_l_locks_at_once(tablet: Tablet) -> None:
    tablet.enrol()
    tablet.unlock()
    tablet.ready()
    tablet.windows.window.activateWindow()
    tablet.qtbot.waitUntil(lambda: QApplication.activeWindow() is tablet.windows.window)
    QTest.keyClick(tablet.windows.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    tablet.front(LockScreen)
    assert tablet.windows.window.windowTitle() == "e-Cabinet"
