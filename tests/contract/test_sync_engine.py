# SPDX-License-Identifier: AGPL-3.0-or-later
"""The engine and the real service: interrupted downloads, urgent acts, revoked devices, wrong clocks, hints."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from msgspec import structs

from client.clock import Millis, SystemClock
from client.crypto import dsse, stream
from client.crypto.random import system_random
from client.domain.ballot import PollState
from client.domain.ids import Hash, Moment, PackId
from client.domain.outbox import OutboxState, Standing, standing
from client.domain.pack import PackState
from client.errors import CaptivePortal, DeviceRevoked, Unreachable
from client.protocol import codec
from client.protocol.messages import DeviceState, VoteHead
from client.store import outbox, papers
from client.sync import actions, crashpoints
from client.sync.choices import Downloads
from client.sync.engine import Connectivity, PackProgress, PackReady, ReceiptArrived
from client.sync.live import Live
from client.sync.transport import NotSent, Transport
from server.embedded import EmbeddedService
from tests.helpers.device import Device
from tests.helpers.pack import Office, some_bytes
from tests.helpers.wire import Faucet

MIB = 1 << 20
NEVER = 20.0
"""Seconds after which a test gives up; none is ever waited for when the code is right."""


class ShiftedClock(SystemClock):
    """The machine's clock, set wrong."""

    def __init__(self, off_ms: int) -> None:
        self.off_ms = off_ms

    def now(self) -> Millis:
        return Millis(super().now() + self.off_ms)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "service")
    yield office
    office.close()


@pytest.fixture
def service(office: Office) -> Iterator[EmbeddedService]:
    with office.service() as service:
        office.connect(service.url)
        yield service


@pytest.fixture
def faucet(service: EmbeddedService) -> Iterator[Faucet]:
    address = urlsplit(service.url)
    assert address.hostname is not None
    assert address.port is not None
    with Faucet((address.hostname, address.port)) as faucet:
        yield faucet
        faucet.go.set()


@pytest.fixture
def device(office: Office, faucet: Faucet, tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path / "device", office.root, faucet.url)
    office.add_device(device.device, sign=device.signing.public, seal=device.sealing.public)
    office.release()
    device.start()
    yield device
    device.close()


def fetched(device: Device) -> list[tuple[Hash, int]]:
    """Blob and first byte of every download from now on."""
    seen: list[tuple[Hash, int]] = []
    honest = device.transport.get_blob

    @contextmanager
    def watched(blob: Hash, start: int, stop: int | None = None) -> Iterator[Iterator[bytes]]:
        seen.append((blob, start))
        with honest(blob, start, stop) as pieces:
            yield pieces

    device.transport.get_blob = watched  # type: ignore[method-assign]
    return seen


# -- downloads ---------------------------------------------------------------------------------------------------


def test_stop_in_a_stalled_download_takes_less_than_a_second_and_nothing_is_fetched_twice(
    office: Office, faucet: Faucet, device: Device
) -> None:
    content = some_bytes(6 * MIB)
    [paper] = office.publish("pk_0001", [office.paper("do_1", content)]).papers
    assert paper.blob is not None
    blob = paper.blob
    faucet.limit = faucet.passed + 3 * MIB
    stored = threading.Event()  # bytes that left the service may still be in a socket; these are in the store
    crashpoints.install(lambda name: stored.set() if name == "paper.chunk" else None)
    device.engine.start()
    assert stored.wait(NEVER)
    assert faucet.held.wait(NEVER)
    crashpoints.install(None)
    assert device.engine.stop(), "within a second"
    rows = device.papers.read(lambda conn: papers.chunks(conn, blob)).result()
    assert 0 < rows * papers.CHUNK < 3 * MIB
    faucet.limit = None
    faucet.go.set()
    device.restart()
    seen, before = fetched(device), faucet.passed
    device.sync()
    start = stream.sealed_offset(rows * papers.CHUNK // stream.CHUNK)
    assert seen == [(blob, start)]
    assert faucet.passed - before <= paper.blob_size - start + 64 * 1024
    assert device.paper(paper.blob, paper.plain) == content


def test_an_act_saved_during_a_download_goes_out_before_the_download_goes_on(
    office: Office, faucet: Faucet, device: Device
) -> None:
    wording = office.poll("po_0001", "pk_0001")
    office.publish("pk_0001", [office.paper("do_1", some_bytes(6 * MIB))], polls=[wording])
    faucet.limit = faucet.passed + 3 * MIB
    device.engine.start()
    assert faucet.held.wait(NEVER)
    item = device.vote("po_0001")
    assert device.items()[0].state is OutboxState.QUEUED
    faucet.limit = None
    faucet.go.set()
    device.wait_for(PackReady)
    kinds = [type(event) for event in device.events if isinstance(event, ReceiptArrived | PackReady)]
    assert kinds == [ReceiptArrived, PackReady]
    assert [(found.n, found.state) for found in device.items()] == [(item.n, OutboxState.RECEIPTED)]


def test_one_changed_paper_of_a_hundred_costs_its_blob_and_little_more(
    office: Office, faucet: Faucet, device: Device
) -> None:
    contents = [some_bytes(30_000) for _ in range(100)]
    office.publish("pk_0001", [office.paper(f"do_{n}", data) for n, data in enumerate(contents)])
    device.sync()
    contents[2] = some_bytes(310_000)
    second = [office.paper(f"do_{n}", data, version=1 + (n == 2)) for n, data in enumerate(contents)]
    office.publish("pk_0001", second)
    seen, before = fetched(device), faucet.passed
    device.sync()
    assert seen == [(second[2].blob, 0)]
    assert faucet.passed - before <= second[2].blob_size + 64 * 1024
    revision = device.pack("pk_0001")
    assert revision is not None
    assert (revision.rev, revision.changed) == (2, ("do_2",))
    assert device.revision("pk_0001", 1).state is PackState.SUPERSEDED


def test_a_pack_that_lost_one_paper_stays_readable_while_it_is_fetched(
    office: Office, service: EmbeddedService, device: Device
) -> None:
    ours = [office.paper("do_1", some_bytes(1000)), office.paper("do_2", some_bytes(2000))]
    office.publish("pk_0001", ours)
    device.sync()
    lost = ours[0].blob
    assert lost is not None
    device.papers.write(lambda conn: papers.forget(conn, lost)).result()
    honest = device.transport.get_blob
    device.transport.get_blob = lambda *_: (_ for _ in ()).throw(NotSent("cut"))  # type: ignore[method-assign]
    assert isinstance(device.engine.run_once().error, NotSent)
    assert device.pack("pk_0001") is not None, "the other paper can still be read"
    device.transport.get_blob = honest  # type: ignore[method-assign]
    assert [type(step) for step in device.sync().performed] == [actions.FetchPaper]
    assert device.paper(lost, ours[0].plain)


# -- devices and members -----------------------------------------------------------------------------------------


def ballot(office: Office, device: Device) -> None:
    wording = office.poll("po_0001", "pk_0001")
    office.publish("pk_0001", [office.paper("do_1", some_bytes(1000))], polls=[wording])
    device.sync()


def test_a_revoked_device_keeps_what_it_signed_and_sends_it_when_it_is_active_again(
    office: Office, device: Device
) -> None:
    ballot(office, device)
    item = device.vote("po_0001")
    office.set_state(device.device, DeviceState.REVOKED)
    device.engine.run_once()
    assert not device.engine.status().active
    assert [found.state for found in device.items()] == [OutboxState.SUSPENDED]
    second = device.vote("po_0001")
    device.restart()
    device.engine.run_once()
    assert [found.state for found in device.items()] == [OutboxState.SUSPENDED] * 2
    office.set_state(device.device, DeviceState.ACTIVE)
    device.sync()
    assert device.engine.status().active
    states = {found.n: found.state for found in device.items()}
    assert states[item.n] is OutboxState.RECEIPTED
    assert states[second.n] is OutboxState.CONFLICT, "it did not name the first, which had not been counted then"


def test_a_refusal_between_directory_and_sending_suspends(office: Office, device: Device) -> None:
    """The directory changes after this device looked at it: the service refuses the act itself."""
    ballot(office, device)
    device.vote("po_0001")

    def revoke(name: str) -> None:
        if name == "send.marked":
            crashpoints.install(None)
            office.set_state(device.device, DeviceState.SUSPENDED)

    crashpoints.install(revoke)
    try:
        report = device.engine.run_once()
    finally:
        crashpoints.install(None)
    assert isinstance(report.error, DeviceRevoked)
    [item] = device.items()
    assert (item.state, item.unknown) == (OutboxState.SUSPENDED, False)
    assert not device.engine.status().active
    office.set_state(device.device, DeviceState.ACTIVE)
    device.sync()
    assert [found.state for found in device.items()] == [OutboxState.RECEIPTED]


def test_an_order_to_wipe_reaches_a_device_that_may_do_nothing_else(office: Office, device: Device) -> None:
    device.sync()
    office.set_state(device.device, DeviceState.WIPE)
    device.engine.run_once()
    status = device.engine.status()
    assert (status.wipe, status.active) == (True, False)


def test_a_conflict_keeps_the_signed_head_and_a_new_vote_may_replace_it(
    office: Office, device: Device, tmp_path: Path
) -> None:
    ballot(office, device)
    other = Device(tmp_path / "other", office.root, device.url, device="d_0002")
    office.add_device(other.device, sign=other.signing.public, seal=other.sealing.public)
    office.release()
    other.start()
    try:
        other.sync()
        first, rival = device.vote("po_0001"), other.vote("po_0001", "no")
        device.sync()
        other.engine.run_once()
        assert standing(other.items()[0]) is Standing.OTHER_DEVICE
        proof = other.record.read(lambda conn: outbox.receipt(conn, rival.n)).result()
        assert proof is not None
        payload = dsse.open_(proof, other.trust.service_keys()).payload
        head = codec.decode(payload, VoteHead, limit=codec.MAX_SMALL)
        assert (head.head, head.device) == (first.statement, device.device)
        view = other.ballot("po_0001")
        assert (view.replaces, view.why_not) == (first.statement, None), "it can be replaced, knowingly"
        assert view.other is not None
        assert [(answer.q, answer.choice) for answer in view.other.answers] == [("q1", "yes")], "both choices are here"
        assert (view.other.device, view.other.made) == (device.device, first.made)
        other.vote("po_0001", "no", replaces=view.replaces)
        other.sync()
        assert [standing(item) for item in other.items()] == [Standing.OTHER_DEVICE, Standing.COUNTED]
        assert other.ballot("po_0001").other is None
        mine = device.ballot("po_0001").replaces
        assert mine == first.statement, "what this device was told last"
        again = device.vote("po_0001", replaces=mine)
        device.engine.run_once()
        assert [standing(item) for item in device.items()] == [Standing.REPLACED, Standing.OTHER_DEVICE]
        view = device.ballot("po_0001")
        assert view.replaces == other.items()[-1].statement != again.statement
        office.close_poll(office.manifests[PackId("pk_0001")].polls[0])
        for each in (device, other):
            each.sync()
            assert each.poll("po_0001").state is PollState.RESULT_VERIFIED, "replaced by one that names it"
    finally:
        other.close()


# -- time and network ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_ten_years_off_changes_nothing(office: Office, device: Device, years: int) -> None:
    device.close()
    clock = ShiftedClock(years * 365 * 86_400_000)
    device.clock = clock
    device.start()
    ballot(office, device)
    device.vote("po_0001")
    device.sync()
    assert [item.state for item in device.items()] == [OutboxState.RECEIPTED]
    assert device.revision("pk_0001", 1).state is PackState.READY


def test_a_clock_that_jumps_while_a_vote_is_sent_signs_the_request_again(office: Office, device: Device) -> None:
    device.close()
    clock = device.clock = ShiftedClock(0)
    device.start()
    ballot(office, device)
    item = device.vote("po_0001")

    def jump(name: str) -> None:
        if name == "send.marked":
            clock.off_ms += 7_200_000

    posted: list[bytes] = []
    honest = Transport._exchange

    def watched(self: Transport, method: str, path: str, headers: dict[str, str], body: bytes, **more: object) -> bytes:
        if method == "POST":
            posted.append(body)
        return honest(self, method, path, headers, body, **more)  # type: ignore[arg-type]

    crashpoints.install(jump)
    device.transport._exchange = watched.__get__(device.transport)  # type: ignore[method-assign]
    try:
        device.sync()
    finally:
        crashpoints.install(None)
    assert len(posted) == 2
    assert posted[0] == posted[1], "the vote itself is never signed again"
    [after] = device.items()
    assert (after.state, after.statement, after.tries) == (OutboxState.RECEIPTED, item.statement, 1)


def test_a_clock_that_jumps_ten_years_in_the_middle_of_a_look_takes_no_paper_away(
    office: Office, device: Device
) -> None:
    device.close()
    clock = device.clock = ShiftedClock(0)
    device.start()
    long = (structs.replace(entry, until=Moment("2099-01-01T00:00:00.000Z")) for entry in office.directory.devices)
    office.put_directory(devices=tuple(long))  # else the device's own end would hide what is tested
    ballot(office, device)

    def jump(name: str) -> None:
        if name == "pack.ready":
            clock.off_ms += 10 * 365 * 86_400_000

    office.publish("pk_0002", [office.paper("do_2", some_bytes(1000))])
    crashpoints.install(jump)
    try:
        device.engine.run_once()
    finally:
        crashpoints.install(None)
    assert device.pack("pk_0001") is not None


def test_a_captive_portal_leaves_votes_as_they_are(office: Office, device: Device) -> None:
    ballot(office, device)
    item = device.vote("po_0001")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def portal() -> None:
            end, _ = listener.accept()
            with end:
                end.recv(65536)
                page = b"<html>Sign in</html>"
                head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n"
                end.sendall(head.encode() + page)

        thread = threading.Thread(target=portal)
        thread.start()
        url, device.url = device.url, f"http://127.0.0.1:{listener.getsockname()[1]}"
        device.restart()
        report = device.engine.run_once()
        thread.join(NEVER)
    assert isinstance(report.error, CaptivePortal)
    assert not report.reached
    assert device.engine.status().online is not Connectivity.ONLINE
    assert device.items() == (item,)
    device.url = url
    device.restart()
    device.sync()
    assert [found.state for found in device.items()] == [OutboxState.RECEIPTED]


def test_an_act_saved_while_the_service_is_away_does_not_make_looks_follow_each_other(
    office: Office, service: EmbeddedService, faucet: Faucet, device: Device
) -> None:
    ballot(office, device)
    faucet.cut()
    device.vote("po_0001")
    for _ in range(3):
        # The first one may still find its old connection, reset on the way: not known to be unsent.
        assert isinstance(device.engine.run_once().error, Unreachable)
        assert not device.engine._poked, "the next look waits for its time"
    assert device.engine.status().pending == 1
    faucet.join()
    device.sync()
    assert device.engine.status().pending == 0


def test_offline_on_purpose_asks_nobody_until_told(office: Office, faucet: Faucet, device: Device) -> None:
    ballot(office, device)
    device.engine.set_offline(True)
    device.vote("po_0001")
    before = faucet.passed
    assert device.engine.run_once().stopped
    assert faucet.passed == before
    assert [item.tries for item in device.items()] == [0]
    device.engine.set_offline(False)
    device.sync()
    assert [item.state for item in device.items()] == [OutboxState.RECEIPTED]


# -- hints -----------------------------------------------------------------------------------------------------------


class Heard:
    """Collects pokes."""

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self._news = threading.Condition()

    def __call__(self, kind: str) -> None:
        with self._news:
            self.kinds.append(kind)
            self._news.notify_all()

    def wait(self, kind: str) -> None:
        with self._news:
            assert self._news.wait_for(lambda: kind in self.kinds, NEVER), self.kinds


def test_a_hint_causes_a_look_that_finds_the_news(office: Office, device: Device) -> None:
    device.sync()
    device.engine.start()
    transport = device.new_transport()
    live = Live(transport, poke=device.engine.poke, rng=system_random)
    live.start()
    try:
        assert live.connected.wait(NEVER)
        office.publish("pk_0001", [office.paper("do_1", some_bytes(1000))])
        device.wait_for(PackReady)
    finally:
        assert live.stop()
        transport.close()


def test_forged_hints_cause_looks_and_nothing_else(office: Office, device: Device) -> None:
    ballot(office, device)
    item = device.vote("po_0001")
    heard = Heard()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def forge() -> None:
            end, _ = listener.accept()
            with end:
                end.recv(65536)
                end.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                    b'data: {"kind":"act"}\n\ndata: {"kind":"stop","id":"po_0001"}\n\n'
                    b'data: {"kind":"receipt","id":"1"}\n\n'
                    b'data: {"kind":"closing","id":"po_0001"}\n\n'
                )
                end.recv(1)

        threading.Thread(target=forge, daemon=True).start()
        url, device.url = device.url, f"http://127.0.0.1:{listener.getsockname()[1]}"
        transport = device.new_transport()
        device.url = url
        live = Live(transport, poke=heard, rng=system_random)
        live.start()
        heard.wait("closing")
        assert live.stop()
        transport.close()
    assert heard.kinds == ["closing"]
    assert device.items() == (item,)
    assert device.poll("po_0001").state is PollState.OPEN
    device.engine.poke("closing")
    device.sync()
    assert device.poll("po_0001").state is PollState.OPEN, "a look found what is true"


def test_a_stream_that_is_hung_up_at_once_is_not_opened_again_and_again(device: Device) -> None:
    """Each time the wait may be longer; a stream counts as working once something came through it."""
    failures: list[int] = []
    enough = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        device.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        transport = device.new_transport()

        def at_once(size: int) -> bytes:
            failures.append(live._failures)
            if len(failures) >= 4:
                enough.set()
            return bytes(size)  # the shortest wait of all

        live = Live(transport, poke=lambda _: None, rng=at_once)

        def hang_up() -> None:
            while not enough.is_set():
                end, _ = listener.accept()
                with end:
                    end.recv(65536)
                    end.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")

        threading.Thread(target=hang_up, daemon=True).start()
        live.start()
        assert enough.wait(NEVER)
        assert live.stop()
        transport.close()
    assert failures[:4] == [1, 2, 3, 4]


class Streams:
    """Event streams that send one event and then stand still; what each was asked for is kept."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.cond = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                end, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(end,), daemon=True).start()

    def _serve(self, end: socket.socket) -> None:
        with end:
            request = end.recv(65536)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
            end.sendall(head + b'id: %d\ndata: {"kind":"poll"}\n\n' % (7 + len(self.asked)))
            with self.cond:
                self.asked.append(request)
                self.cond.notify_all()
            end.recv(1)

    def wait(self, count: int) -> None:
        with self.cond:
            assert self.cond.wait_for(lambda: len(self.asked) >= count, NEVER), self.asked

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def test_a_machine_that_woke_listens_anew_at_once_and_goes_on_where_it_was(device: Device) -> None:
    streams = Streams()
    device.url, url = streams.url, device.url
    transport = device.new_transport()
    device.url = url
    heard = Heard()
    live = Live(transport, poke=heard, rng=lambda size: b"\xff" * size)  # the longest waits
    live.start()
    try:
        for count in range(1, 4):
            streams.wait(count)
            with heard._news:
                assert heard._news.wait_for(lambda count=count: heard.kinds.count("poll") >= count, NEVER)  # type: ignore[misc]
            if count < 3:
                live.wake()  # the old stream says nothing: neither that it lives nor that it is dead
    finally:
        assert live.stop()
        transport.close()
        streams.close()
    assert b"last-event-id" not in streams.asked[0].lower()
    assert b"last-event-id: 7\r\n" in streams.asked[1].lower()
    assert b"last-event-id: 8\r\n" in streams.asked[2].lower()


def test_waiting_to_try_again_ends_when_the_network_comes(device: Device, faucet: Faucet) -> None:
    faucet.cut()
    waiting = threading.Event()

    def longest(size: int) -> bytes:
        if size == 4:  # drawn when the wait begins
            waiting.set()
        return b"\xff" * size

    transport = device.new_transport()
    live = Live(transport, poke=lambda _: None, rng=longest)
    live._failures = 8  # minutes
    live.start()
    try:
        assert waiting.wait(NEVER)
        faucet.join()
        live.wake()
        assert live.connected.wait(NEVER)
        assert live._failures <= 1
    finally:
        assert live.stop()
        transport.close()


def test_another_network_cuts_a_look_that_waits_on_the_old_one(office: Office, faucet: Faucet, device: Device) -> None:
    office.publish("pk_0001", [office.paper("do_1", some_bytes(4 * MIB))])
    faucet.limit = faucet.passed + 2 * MIB
    device.engine.start()
    assert faucet.held.wait(NEVER)
    faucet.limit = None  # the old connection stands still for the rest of the test
    device.engine.poke("network")
    device.wait_for(PackReady)


def test_a_held_pack_waits_keeps_what_arrived_and_goes_on_there(office: Office, device: Device, faucet: Faucet) -> None:
    """The member pauses in the middle of a paper; the hold outlives a restart; nothing is fetched twice."""
    data = some_bytes(6 * MIB)
    office.publish("pk_0001", [office.paper("do_0001", data)])
    faucet.limit = faucet.passed + 3 * MIB
    looking = threading.Thread(target=device.engine.run_once)
    looking.start()
    assert faucet.held.wait(NEVER)
    blob = device.revision("pk_0001", 1).papers[0].blob
    assert blob is not None
    device.wait_for_rows([blob], 1)
    device.engine.downloads.hold(PackId("pk_0001"))
    faucet.limit = None
    faucet.go.set()
    looking.join(NEVER)
    assert not looking.is_alive()
    rows = device.papers.read(lambda conn: papers.chunks(conn, blob)).result()
    assert 0 < rows * papers.CHUNK < len(data)
    device.restart()
    device.sync()
    assert device.engine.downloads.held() == {PackId("pk_0001")}
    assert device.papers.read(lambda conn: papers.chunks(conn, blob)).result() == rows, "it waits"
    before = faucet.passed
    device.engine.downloads.let_go(PackId("pk_0001"))
    device.sync()
    ready = device.pack("pk_0001")
    assert ready is not None
    assert device.paper(ready.papers[0].blob, ready.papers[0].plain) == data
    assert faucet.passed - before < len(data) - rows * papers.CHUNK + MIB, "what had arrived was not fetched again"
    told = [event for event in device.events if isinstance(event, PackProgress) and event.paper == "do_0001"]
    assert told[-1].paper_done == told[-1].paper_total == ready.papers[0].blob_size


def test_giving_up_drops_the_unfinished_revision_and_nothing_else(office: Office, device: Device) -> None:
    kept, new = office.paper("do_0001", some_bytes(MIB)), office.paper("do_0002", some_bytes(2 * MIB))
    office.publish("pk_0001", [kept])
    device.sync()
    office.publish("pk_0001", [kept, new])

    def stop(name: str) -> None:
        if name == "paper.finished":
            crashpoints.install(None)
            device.engine.downloads.hold(PackId("pk_0001"))

    crashpoints.install(stop)
    try:
        device.engine.run_once()
    finally:
        crashpoints.install(None)
    device.engine.downloads.give_up(PackId("pk_0001"))
    present = device.papers.read(papers.present).result()
    assert kept.blob in present, "the readable revision needs it"
    assert new.blob not in present
    device.sync()
    assert device.revision("pk_0001", 1).state is PackState.READY
    device.engine.downloads.let_go(PackId("pk_0001"))
    device.sync()
    assert device.revision("pk_0001", 2).state is PackState.READY


def test_a_ballot_arrives_for_a_pack_that_is_held(office: Office, device: Device) -> None:
    device.engine.downloads.hold(PackId("pk_0001"))
    ballot(office, device)
    assert device.poll("po_0001").state is PollState.OPEN
    device.vote("po_0001")
    device.sync()
    assert standing(device.items()[0]) is Standing.COUNTED


def test_papers_taken_off_stay_off_until_wanted_and_come_back_whole(office: Office, device: Device) -> None:
    """Two packs share a paper; taking one off leaves the other readable, and what comes back is what was there."""
    data, shared_data = some_bytes(2 * MIB), some_bytes(MIB)
    mine, shared = office.paper("do_0001", data), office.paper("do_0002", shared_data)
    office.publish("pk_0001", [mine, shared])
    office.publish("pk_0002", [shared])
    device.sync()
    before = device.pack("pk_0001")
    assert before is not None
    downloads = device.engine.downloads
    downloads.take_off(PackId("pk_0001"))
    present = device.papers.read(papers.present).result()
    assert (mine.blob in present, shared.blob in present) == (False, True), "another pack needs it"
    device.restart()
    device.sync()
    assert device.pack("pk_0001") is None, "it stays off over a restart and a look"
    other = device.pack("pk_0002")
    assert other is not None
    assert device.paper(shared.blob, other.papers[0].plain) == shared_data
    device.engine.downloads.let_go(PackId("pk_0001"))
    device.sync()
    again = device.pack("pk_0001")
    assert again is not None
    assert again.papers == before.papers
    assert device.paper(mine.blob, again.papers[0].plain) == data


def test_a_death_while_papers_are_taken_off_never_leaves_a_pack_that_looks_complete(
    office: Office, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = office.paper("do_0001", some_bytes(MIB))
    office.publish("pk_0001", [mine])
    device.sync()

    def die(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Downloads, "_drop", die)
    with pytest.raises(RuntimeError):
        device.engine.downloads.take_off(PackId("pk_0001"))
    monkeypatch.undo()
    device.restart()
    device.sync()
    assert device.pack("pk_0001") is None
    device.engine.downloads.take_off(PackId("pk_0001"))
    assert mine.blob not in device.papers.read(papers.present).result()
