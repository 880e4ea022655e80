# SPDX-License-Identifier: AGPL-3.0-or-later
"""The composition root of the service: one ``ServiceConfig`` in, one ASGI application out.

It wires handlers, guard, error answers and the ticker, and owns the order of start (folders, schema,
directory, hints, ticker) and stop (ticker, hints, threads, database). It holds no rule of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from litestar import Litestar
from litestar.openapi.config import OpenAPIConfig

from server import auth, openapi, problems
from server.closing import Ticker
from server.config import ServiceConfig
from server.handlers import (
    arrivals,
    blobs,
    bulletins,
    enrol,
    events,
    misc,
    notes,
    polls,
    sessions,
    shared,
    statements,
    tuf,
    wiped,
)
from server.service import Service

HANDLERS: Final = (
    *tuf.HANDLERS,
    *blobs.HANDLERS,
    *polls.HANDLERS,
    *sessions.HANDLERS,
    *statements.HANDLERS,
    *bulletins.HANDLERS,
    *enrol.HANDLERS,
    *wiped.HANDLERS,
    *events.HANDLERS,
    *notes.HANDLERS,
    *shared.HANDLERS,
    *arrivals.HANDLERS,
    *misc.HANDLERS,
    *openapi.HANDLERS,
)


def create_app(config: ServiceConfig) -> Litestar:
    """The application; ``app.state.service`` is its ``Service``.

    The database is opened when the application starts, not here.
    """
    service = Service(config)
    app = Litestar(
        route_handlers=list(HANDLERS),
        guards=[auth.guard],
        exception_handlers={Exception: problems.handle},
        lifespan=[_running],
        logging_config=None,
        request_max_body_size=None,  # the guard has limits per handler
        openapi_config=OpenAPIConfig(title="e-Cabinet service", version=misc.VERSION, path="/openapi"),
        debug=False,
    )
    app.state.service = service
    return app


@asynccontextmanager
async def _running(app: Litestar) -> AsyncIterator[None]:
    service: Service = app.state.service
    service.start()
    service.hub.bind()
    ticker = Ticker(service)
    task = asyncio.create_task(ticker.run())
    try:
        yield
    finally:
        ticker.stop()
        await task
        service.hub.close()
        service.close()
