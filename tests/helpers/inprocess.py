# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real service without a socket, and a network in which every exchange is decided by whoever asks for it.

The application, its guard, its database and its blobs are those of ``ecabinet-server serve``; only the wire is
missing, so that a whole history runs on one thread of events, under one clock, and can be played again.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import alembic.config
import alembic.script
import httpx
import pytest
from sqlalchemy import Dialect

from client.clock import Clock, SystemClock
from client.crypto.signing import SigningKey
from client.protocol.messages import KeyRole, Root
from server import closing, config, watch
from server.app import create_app
from server.config import Limits, ServiceConfig
from server.embedded import EmbeddedService
from server.service import Service
from tests.helpers.ceremony import Ceremony

URL: Final = "http://127.0.0.1:9"
SILENCE: Final = 40
"""Turns of the loop without a word after which a stream has nothing more to say."""
PORTAL: Final = "<html><body>Đăng nhập mạng khách</body></html>".encode()
PROBLEM: Final = "application/problem+json"


P = ParamSpec("P")
T = TypeVar("T")


class _Service(Service):
    """The service, which asks one thing at a time of its database: on the thread that asked, without handing it over.

    What SQLAlchemy made of each statement and what Alembic read of its steps is kept for the next start: a history
    starts the service many times, a machine room once.
    """

    def __init__(self, config: ServiceConfig) -> None:
        super().__init__(config)
        engine = self.database._engine
        engine.dialect = _first(engine.dialect)  # part of the key under which a statement is found again
        self.database._engine = engine.execution_options(compiled_cache=_statements())

    def start(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(alembic.script.ScriptDirectory, "from_config", _steps)
            super().start()

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return work(*args, **kwargs)


@cache
def _statements() -> dict[Any, Any]:
    return {}


@cache
def _kept() -> list[Dialect]:
    return []


def _first(dialect: Dialect) -> Dialect:
    """The one of the first service of this process; all are alike."""
    _kept().append(dialect)
    del _kept()[1:]
    return _kept()[0]


@cache
def _steps_in(folder: str) -> alembic.script.ScriptDirectory:
    return alembic.script.ScriptDirectory(folder)


def _steps(config: alembic.config.Config) -> alembic.script.ScriptDirectory:
    folder = config.get_main_option("script_location")
    assert folder is not None
    return _steps_in(folder)


@dataclass(frozen=True)
class Answer:
    """What the service said."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class InProcessService:
    """A service on a data folder; ``die`` forgets everything that was only in memory.

    Args:
        folder: As ``EmbeddedService`` keeps it.
        root: Whose signatures count.
        clock: True time.
    """

    def __init__(self, folder: Path, *, root: Root, clock: Clock) -> None:
        self._folder, self._root, self._clock = folder, root, clock
        self._lock = threading.Lock()
        self._loop = _Loop(clock)
        self._service: Service | None = None

    def start(self) -> InProcessService:
        self._service = _Service(_config(self._folder, self._root, self._clock))
        self._service.start()
        self._loop.run_until_complete(self._bind())
        return self

    async def _bind(self) -> None:
        self.service.hub.bind()

    @property
    def service(self) -> Service:
        assert self._service is not None, "not started"
        return self._service

    def die(self) -> None:
        """The process ends and comes back on the same folder."""
        with self._lock:
            self.service.close()
            self.start()

    def stop(self) -> None:
        if self._service is not None:
            self._service.close()
            self._service = None
        self._loop.close()

    def tick(self) -> None:
        """What the ticker does in the background: polls open and close by their times, the head is signed."""
        closing.settle_all(self.service)
        watch.look(self.service)

    def ask(self, request: httpx.Request) -> Answer:
        """One request, whole, and its whole answer."""
        with self._lock:
            app = _application()
            app.state.service = self.service
            return self._loop.run_until_complete(self._call(app, request))

    async def _call(self, app: Any, request: httpx.Request) -> Answer:
        body, told, sent = request.read(), False, []
        ended = asyncio.Event()

        async def receive() -> dict[str, Any]:
            nonlocal told
            if told:
                await ended.wait()
                return {"type": "http.disconnect"}
            told = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                ended.set()  # whoever streams an answer waits for the other side to go

        path, _, query = request.url.raw_path.partition(b"?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": request.url.path,
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "server": ("127.0.0.1", 9),
            "client": ("127.0.0.1", 50000),
            "state": {},
        }
        await self._answered(app(scope, receive, send), sent, ended)
        start = next(message for message in sent if message["type"] == "http.response.start")
        whole = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
        return Answer(start["status"], list(start["headers"]), whole)

    @staticmethod
    async def _answered(work: Coroutine[Any, Any, None], sent: list[Any], ended: asyncio.Event) -> None:
        """Until it is answered; an endless answer until there is nothing more to be said."""
        task, silence, told = asyncio.ensure_future(work), 0, 0
        while not task.done() and silence < SILENCE:
            await asyncio.sleep(0)
            silence, told = (silence + 1, told) if told == len(sent) else (0, len(sent))
        ended.set()
        await task


class _Loop(asyncio.SelectorEventLoop):
    """Timers run by the history's clock; nothing ever waits for them."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._history = clock

    def time(self) -> float:
        return self._history.monotonic()


def _config(folder: Path, root: Root, clock: Clock) -> ServiceConfig:
    return ServiceConfig(
        database_url=config.sqlite_url(folder),
        blob_folder=folder / config.BLOB_FOLDER,
        root=root,
        receipt_key=config.load_receipt_key(folder),
        clock=clock,
        limits=Limits(workers=1),
    )


@cache
def _application() -> Any:
    """The routes, built once: all that a service knows hangs on its state, which is set for every request."""
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        EmbeddedService.prepare(folder)
        key = KeyRole("nobody", SigningKey.generate().public)
        return create_app(_config(folder, Ceremony(key, 0).root, SystemClock()))


class Fate(Enum):
    """What becomes of one exchange; each value is one word of a trace."""

    FINE = "fine"
    NOBODY = "no connection"
    NO_NAME = "no such name"
    RESET_BEFORE = "reset before"
    RESET_AFTER = "reset after"
    CUT_HEAD = "cut in head"
    CUT_BODY = "cut in body"
    TWICE_FIRST = "twice, first answer"
    TWICE_SECOND = "twice, second answer"
    ALTERED = "altered request"
    BAD_ANSWER = "altered answer"
    PORTAL = "portal"
    PORTAL_AFTER = "portal after"
    REDIRECT = "redirect"
    ERROR_500 = "500"
    ERROR_502_AFTER = "502 after"
    BUSY = "429"
    SLOW = "slow"
    TRICKLE = "8 kbit/s"
    TIMEOUT_AFTER = "timeout after"
    EMPTY = "empty answer"
    OLD_ANSWER = "an older answer"
    DIES_BEFORE = "service dies before"
    DIES_INSIDE = "service dies before its commit"
    DIES_AFTER = "service dies after its commit"


class Doomed(BaseException):
    """Ends the service's transaction as the end of its process would: nothing of it is kept."""


class Network(httpx.BaseTransport):
    """One tablet's way to the service.

    Args:
        service: Where requests go.
        fate: Decides each exchange, in the order they are made.
        wait: Lets time pass, seconds.
        heard: Told of each exchange: request, fate, status or 0.
    """

    def __init__(
        self,
        service: InProcessService,
        fate: Callable[[httpx.Request], Fate] = lambda _request: Fate.FINE,
        *,
        wait: Callable[[float], None] = lambda _s: None,
        heard: Callable[[httpx.Request, Fate, int], None] = lambda *_: None,
    ) -> None:
        self.service, self._fate, self._wait, self._heard = service, fate, wait, heard
        self.dead = False
        """The asking process does not exist any more: nothing of it leaves."""
        self._older: dict[str, Answer] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.dead:
            raise httpx.ConnectError("dead")
        fate = self._fate(request)
        try:
            response = self._meet(request, fate)
        except httpx.TransportError:
            self._heard(request, fate, 0)
            raise
        self._heard(request, fate, response.status_code)
        return response

    def _meet(self, request: httpx.Request, fate: Fate) -> httpx.Response:
        lost = _LOST_BEFORE.get(fate)
        if lost is not None:
            raise lost(fate.value)
        canned = _CANNED.get(fate)
        if canned is not None:
            return canned()
        if fate is Fate.DIES_BEFORE:
            self.service.die()
            raise httpx.ReadError(fate.value)
        if fate is Fate.DIES_INSIDE:
            return self._died_inside(request)
        if fate is Fate.ALTERED:
            request = _altered(request)
        self._wait(20.0 if fate is Fate.SLOW else 0.05)
        answer = self.service.ask(request)
        if fate is Fate.TRICKLE:
            self._wait(len(answer.body) / 1000)
        return self._deliver(request, answer, fate)

    def _deliver(self, request: httpx.Request, answer: Answer, fate: Fate) -> httpx.Response:
        name = f"{request.method} {request.url.path}"
        older, self._older[name] = self._older.get(name, answer), answer
        if fate is Fate.DIES_AFTER:
            self.service.die()
        if fate in {Fate.RESET_AFTER, Fate.CUT_HEAD, Fate.DIES_AFTER}:
            raise httpx.ReadError(fate.value)
        if fate is Fate.TIMEOUT_AFTER:
            self._wait(30.0)
            raise httpx.ReadTimeout(fate.value)
        if fate is Fate.PORTAL_AFTER:
            return _CANNED[Fate.PORTAL]()
        if fate is Fate.ERROR_502_AFTER:
            return _says(502, "text/html", PORTAL)
        if fate in {Fate.TWICE_FIRST, Fate.TWICE_SECOND}:
            again = self.service.ask(request)
            answer = again if fate is Fate.TWICE_SECOND else answer
        if fate is Fate.OLD_ANSWER:
            answer = older
        body = answer.body
        if fate is Fate.BAD_ANSWER and body:
            middle = len(body) // 2
            body = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
        if fate is Fate.EMPTY:
            return _says(answer.status, "application/json", b"")
        stream = _Cut(body[: len(body) // 2]) if fate is Fate.CUT_BODY else httpx.ByteStream(body)
        return httpx.Response(answer.status, headers=answer.headers, stream=stream)

    def _died_inside(self, request: httpx.Request) -> httpx.Response:
        """The transaction, if there is one, ends without its commit."""
        database = self.service.service.database
        honest, wrote = database.write, []

        def doomed() -> Any:
            wrote.append(True)
            return _rolled_back(honest)

        database.write = doomed  # type: ignore[method-assign, assignment]
        try:
            self.service.ask(request)
        except Doomed:
            assert wrote
        self.service.die()  # a new object with an honest database
        raise httpx.ReadError(Fate.DIES_INSIDE.value)


class _rolled_back:  # noqa: N801 - used like the context manager it stands for
    def __init__(self, honest: Callable[[], Any]) -> None:
        self._whole = honest()

    def __enter__(self) -> Any:
        return self._whole.__enter__()

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        death = Doomed()
        self._whole.__exit__(Doomed, death, None)
        if error is None:
            raise death
        return False


class _Cut(httpx.SyncByteStream):
    """Half of an answer."""

    def __init__(self, half: bytes) -> None:
        self._half = half

    def __iter__(self) -> Iterator[bytes]:
        yield self._half
        raise httpx.ReadError("cut in body")


def _altered(request: httpx.Request) -> httpx.Request:
    body = bytearray(request.read())
    if body:
        body[len(body) // 2] ^= 1
    return httpx.Request(request.method, request.url, headers=request.headers, content=bytes(body))


def _says(status: int, media: str, body: bytes, **headers: str) -> httpx.Response:
    """Somebody in between answers."""
    told = {"content-type": media, "content-length": str(len(body)), **headers}
    return httpx.Response(status, headers=told, stream=httpx.ByteStream(body))


_LOST_BEFORE: Final[dict[Fate, type[httpx.TransportError]]] = {
    Fate.NOBODY: httpx.ConnectError,
    Fate.NO_NAME: httpx.ConnectError,
    Fate.RESET_BEFORE: httpx.WriteError,
}
_RATE: Final = b'{"type": "urn:ecab:problem:rate", "title": "rate", "status": 429}'
_CANNED: Final[dict[Fate, Callable[[], httpx.Response]]] = {
    Fate.PORTAL: lambda: _says(200, "text/html", PORTAL),
    Fate.REDIRECT: lambda: _says(302, "text/html", b"", location="http://127.0.0.1:8/"),
    Fate.ERROR_500: lambda: _says(500, "text/plain", b"oops"),
    Fate.BUSY: lambda: _says(429, PROBLEM, _RATE, **{"retry-after": "30"}),
}
