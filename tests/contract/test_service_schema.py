# SPDX-License-Identifier: AGPL-3.0-or-later
"""The published OpenAPI document against the paths both ends share and against the running service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from client.protocol import http
from tests.unit.server.world import World, problem

PATHS = sorted(value for name, value in vars(http).items() if name.startswith("PATH_"))
OPEN = {("/time", "get"), ("/health", "get"), ("/enrol", "post"), ("/enrol/{device}", "get"), ("/wiped", "post")}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(Path(tmp_path_factory.mktemp("service")))
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def document(world: World) -> dict[str, Any]:
    answer = world.http.get(world.embedded.url + "/schema")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json"
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("path", PATHS)
def test_every_shared_path_is_published(document: dict[str, Any], path: str) -> None:
    assert path in document["paths"]


def test_nothing_else_is_published(document: dict[str, Any]) -> None:
    assert sorted(document["paths"]) == PATHS


def test_every_operation_has_parameters_a_summary_and_a_problem(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}, where
            assert operation["summary"], where
            assert http.PROBLEM_MEDIA in operation["responses"]["default"]["content"], where
            assert ("requestBody" in operation) == (method in {"put", "post"}), where


def test_references_lead_somewhere(document: dict[str, Any]) -> None:
    def walk(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for child in node.values():
                yield from walk(child)
        elif isinstance(node, list):
            for child in node:
                yield from walk(child)

    references = set(walk(document))
    assert any(reference.endswith("/PollAnswer") for reference in references)
    for reference in references:
        kind, name = reference.removeprefix("#/components/").split("/")
        assert name in document["components"][kind], reference


def test_what_is_not_marked_as_signed_is_exactly_what_is_open(document: dict[str, Any]) -> None:
    unsigned = {
        (path, method)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if "security" not in operation
    }
    assert unsigned == OPEN


def test_every_other_operation_refuses_an_unsigned_request(world: World, document: dict[str, Any]) -> None:
    fill = {"{hash}": "sha256:" + "0" * 64, "{name}": "p/pk_7f3a.1", "{epoch}": "1"}
    tried = 0
    for path, operations in document["paths"].items():
        for method in operations:
            if (path, method) in OPEN:
                continue
            target = path.replace("metadata/{name}", "metadata/timestamp.json")
            for part, value in fill.items():
                target = target.replace(part, value)
            target = target.replace("{", "").replace("}", "")
            answer = world.http.request(method.upper(), world.embedded.url + target, content=b"{}")
            tried += 1
            if method == "head":
                assert answer.status_code in {401, 413}, target
            else:
                assert problem(answer) in {(401, "signature"), (413, "too-large")}, f"{method} {target}"
    assert tried == sum(len(operations) for operations in document["paths"].values()) - len(OPEN)


def test_framework_pages_are_closed(world: World) -> None:
    for path in ("/openapi", "/openapi/openapi.json", "/openapi/elements", "/docs"):
        assert world.http.get(world.embedded.url + path).status_code in {401, 403, 404}, path
