# SPDX-License-Identifier: AGPL-3.0-or-later
"""The running service against what its own OpenAPI document promises, asked with generated requests.

Every operation is asked as a device, as the publisher, as the registrar and as nobody, with input that fits the
document and with input that does not. Whatever comes, the answer is one that the document names, in its form, and
never a fault of the service's own; and what was true before is true afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from client.protocol import codec, http
from client.protocol.http import CloseRequest
from client.protocol.messages import PollDefinition
from tests.unit.server.world import World, digest, ok, problem

ENDLESS: Final = {http.PATH_EVENTS}
"""Answers that do not end; ``tests/unit/server`` reads them."""
FEW, MANY = 6, 400
CHECKS: Final = (
    checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
WHO: Final = ("device", "publisher", "registrar", None)


class Running:
    """The service, its document, and something that must still be true at the end."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.world.start()
        document = self.world.http.get(self.world.embedded.url + "/schema").json()
        self.schema: Any = from_dict(document, config=SchemathesisConfig())
        self.schema.config.update(base_url=self.world.embedded.url)
        self.definition: PollDefinition = self.world.a_poll()
        statement = self.world.vote(self.world.an, self.definition)
        self.envelope = self.world.an.sign(statement)
        self.statement = statement
        self.receipt = ok(self.world.post(self.world.an, statement, envelope=self.envelope)).content

    def send(self, case: Any, who: str | None) -> httpx.Response:
        """As one of them, signed over exactly what is sent."""
        prepared = case.as_transport_kwargs(base_url=self.world.embedded.url)
        query = urlencode(prepared.get("params") or {}, doseq=True)
        url = prepared["url"] + (f"?{query}" if query else "")
        body = prepared.get("data")
        if body is None and "json" in prepared:
            body = httpx.Request("POST", url, json=prepared["json"]).content
        body = body.encode() if isinstance(body, str) else bytes(body or b"")
        headers = {name: value for name, value in (prepared.get("headers") or {}).items() if value.isascii()}
        caller = self.world.an2 if who == "device" else who
        request = self.world.request(prepared["method"], "", body, who=caller, headers=headers, url=url)
        return self.world.http.send(request)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    made = Running(Path(tmp_path_factory.mktemp("service")))
    try:
        yield made
    finally:
        made.world.stop()


def ask(running: Running, path: str, method: str, count: int) -> None:
    operation = running.schema[path][method]
    modes = [operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]

    @given(case=st.one_of(modes), who=st.sampled_from(WHO))
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=count == FEW,
        suppress_health_check=list(HealthCheck),
    )
    def once(case: Any, who: str | None) -> None:
        answer = running.send(case, who)
        case.validate_response(answer, checks=list(CHECKS))
        if not answer.is_success and method != "head":  # which has no body
            problem(answer)

    once()


PATHS: Final = sorted(value for name, value in vars(http).items() if name.startswith("PATH_") and value not in ENDLESS)


@pytest.mark.parametrize("path", PATHS)
def test_answers_are_what_the_document_promises(running: Running, path: str) -> None:
    for method in running.schema[path]:
        ask(running, path, method, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_answers_are_what_the_document_promises_many(running: Running, path: str) -> None:
    for method in running.schema[path]:
        ask(running, path, method, MANY)


def test_what_was_true_before_is_true_afterwards(running: Running) -> None:
    """After the others in this module: they share the service."""
    world = running.world
    assert ok(world.post(world.an, running.statement, envelope=running.envelope)).content == running.receipt
    assert ok(world.http.get(world.embedded.url + "/health"))
    ok(
        world.send(
            "POST",
            f"/polls/{running.definition.poll}/close",
            codec.encode(CloseRequest(digest(running.definition))),
            who="publisher",
        )
    )
    [line] = world.closing(running.definition.poll).counted
    assert (line.member, line.vote) == (world.an.member, digest(running.statement))
