# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hostile service: everything that the operator of the service holds, turned against one member.

It has the service's own key, its database, every upload of the past, and may answer whatever it likes. It has neither
the keys of root, registrar and publisher, nor those of a device. Lies are told where the client asks: the true answer
is fetched from the true service first, so that each lie differs from the truth in one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from msgspec import structs

from client.clock import Millis
from client.crypto import dsse
from client.crypto.metadata.keys import HeldKey
from client.crypto.signing import SigningKey
from client.domain.ids import MemberId
from client.domain.outbox import standing
from client.domain.pack import PackState
from client.protocol import codec
from client.store import packs, polls
from client.sync.events import Problem
from server import config
from tests.helpers.device import Device
from tests.helpers.pack import Office, some_bytes
from tests.helpers.weather import Weather

DAY_MS = 24 * 3600 * 1000
RECEIPT_KEY = "receipt-1"


class MovingClock:
    """One clock for everybody, so that days pass without waiting."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._passed = 0.0

    def now(self) -> Millis:
        return Millis(self._now + round(self._passed * 1000))

    def monotonic(self) -> float:
        return 1000.0 + self._passed

    def days(self, count: float) -> None:
        """Let days pass."""
        self._passed += count * 86_400


class EvilService:
    """A true service, a device that trusts it, and the means to lie.

    Args:
        folder: Everything lies below it.
        now: UTC milliseconds when it begins.

    Attributes:
        key: The service's own key, which the directory lists.
        stranger: A key that nobody lists.
        pack: The published pack; ``wording`` its open poll; ``papers`` the bytes of its papers by id.
    """

    def __init__(self, folder: Path, now: int) -> None:
        self.clock = MovingClock(now)
        self.office = Office(folder / "service", clock=self.clock, members=(MemberId("m_017"), MemberId("m_018")))
        self._service = self.office.service()
        self._folder = folder
        self.stranger = SigningKey.generate()
        self._lies: set[str] = set()
        self.pack = "pk_0001"

    def __enter__(self) -> Self:
        address = urlsplit(self._service.start())
        assert address.hostname
        assert address.port
        self.office.connect(self._service.url)
        self.weather = Weather((address.hostname, address.port))
        self.key = config.load_receipt_key(self.office.folder)
        self.device = Device(self._folder / "device", self.office.root, self.weather.url, clock=self.clock)
        self.office.add_device(self.device.device, sign=self.device.signing.public, seal=self.device.sealing.public)
        self.papers = {"do_1": some_bytes(40_000), "do_2": some_bytes(40_000)}
        self.wording = self.office.poll("po_0001", self.pack)
        sealed = [self.office.paper(name, data) for name, data in self.papers.items()]
        self.office.publish(self.pack, sealed, polls=[self.wording])
        self.device.start()
        self.honest = self.device.transport
        self.device.sync()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.device.close()
        self.weather.cut()
        self.office.close()
        self._service.stop()

    # -- lying ---------------------------------------------------------------------------------------------------

    def lie(self, question: str, answer: Callable[..., Any]) -> None:
        """Answer ``question`` (a method of the transport) with ``answer(truth, *asked)``."""
        honest = getattr(type(self.honest), question)

        def lying(*asked: Any, **named: Any) -> Any:
            return answer(lambda: honest(self.honest, *asked, **named), *asked)

        setattr(self.honest, question, lying)
        self._lies.add(question)

    def lie_about_blobs(self, change: Callable[[bytes], bytes]) -> None:
        """Every paper's sealed bytes arrive changed."""
        honest = type(self.honest).get_blob

        @contextmanager
        def lying(*asked: Any, **named: Any) -> Iterator[Iterator[bytes]]:
            with honest(self.honest, *asked, **named) as pieces:
                yield iter((change(b"".join(pieces)),))

        setattr(self.honest, "get_blob", lying)  # noqa: B010 - a method of this one object
        self._lies.add("get_blob")

    def metadata(self, roles: Mapping[str, bytes]) -> None:
        """Serve these roles in place of the true ones, whatever version is asked for."""

        def answer(truth: Callable[[], bytes], name: str, *_: object) -> bytes:
            role = name.removesuffix(".json").rpartition(".")[2]
            return roles[role] if role in roles else truth()

        self.lie("get_metadata", answer)

    def repent(self) -> None:
        """Tell the truth from now on."""
        for question in self._lies:
            delattr(self.honest, question)
        self._lies.clear()
        self.weather.clear()

    # -- what a service can make ---------------------------------------------------------------------------------

    @property
    def held(self) -> HeldKey:
        """The service's key under its name, for snapshot and timestamp."""
        return HeldKey(RECEIPT_KEY, self.key)

    def resigned(self, envelope: bytes, kind: type[Any], *, key: SigningKey | None = None, **changes: object) -> bytes:
        """A signed object with other fields, signed by the service (or ``key``) under the old name."""
        payload, _ = dsse.peek_unverified(envelope, limit=codec.MAX_DIRECTORY)
        value = structs.replace(codec.decode(payload, kind, limit=codec.MAX_DIRECTORY), **changes)
        return dsse.sign(codec.encode(value), keyid=RECEIPT_KEY, key=key or self.key)

    # -- what the member has -------------------------------------------------------------------------------------

    def told(self) -> list[str]:
        """Codes of the problems told since the last call."""
        problems = [event.error for event in self.device.events if isinstance(event, Problem)]
        self.device.events.clear()
        for error in problems:  # in words a minister can pass on, in both languages, with what to do
            assert error.title.vi
            assert error.title.en
            assert error.next_step.vi.endswith(".")
            assert error.next_step.en.endswith(".")
        return [error.code for error in problems]

    def facts(self) -> dict[str, object]:
        """All that a lie must not change: who is who, what can be read, what can be voted on and how votes stand."""
        device, directory = self.device, self.device.trust.directory()
        assert directory is not None
        return {
            "directory": (directory.version, directory.devices, directory.services),
            "targets": dict(device.trust.targets()),
            "packs": [
                (found.pack, found.rev)
                for found in device.record.read(packs.current).result()
                if found.state is PackState.READY
            ],
            "papers": {name: device.paper(version.blob, version.plain) for name, version in self._readable().items()},
            "polls": [(poll.id, poll.definition, poll.state) for poll in device.record.read(polls.all).result()],
            "votes": [(item.n, item.statement, standing(item)) for item in device.items()],
        }

    def _readable(self) -> dict[str, Any]:
        found = self.device.pack(self.pack)
        assert found is not None
        return {paper.id: paper for paper in found.papers}
