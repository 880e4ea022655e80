# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/schema``: the OpenAPI document, made from the handlers and the types they share with the client.

Litestar derives paths, parameters and answers; bodies are added here, because handlers read them as signed
bytes and decode them strictly (``client.protocol.codec``) instead of letting the framework parse them.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from litestar import Litestar, Request, Response, get

from client.protocol import http
from client.protocol.audit import LogAnswer
from client.protocol.http import BLOB_MEDIA, DSSE_MEDIA, TUF_MEDIA
from server import auth
from server.auth import Access
from server.handlers.common import RENAMED

PATH_SCHEMA: Final = "/schema"
MEDIA: Final = "application/vnd.oai.openapi+json"
_BODIES: Final[dict[tuple[str, str], type | str]] = {
    (http.PATH_RELEASE, "put"): http.MetadataUpload,
    (http.PATH_TARGET, "put"): BLOB_MEDIA,
    (http.PATH_ENVELOPE, "put"): DSSE_MEDIA,
    (http.PATH_BLOB, "put"): BLOB_MEDIA,
    (http.PATH_POLL, "put"): DSSE_MEDIA,
    (http.PATH_POLL_OPEN, "post"): http.OpenRequest,
    (http.PATH_POLL_CLOSE, "post"): http.CloseRequest,
    (http.PATH_CERTIFY, "post"): http.CertifyRequest,
    (http.PATH_SESSION, "put"): DSSE_MEDIA,
    (http.PATH_SESSION_ORDER, "post"): http.SessionOrder,
    (http.PATH_STATEMENTS, "post"): DSSE_MEDIA,
    (http.PATH_CARRIED, "post"): DSSE_MEDIA,
    (http.PATH_BULLETINS, "post"): DSSE_MEDIA,
    (http.PATH_NOTE_BATCH, "put"): http.NoteParcel,
    (http.PATH_SHARED_BATCH, "put"): http.NoteParcel,
    (http.PATH_ARRIVAL, "put"): DSSE_MEDIA,
    (http.PATH_TICKETS, "post"): http.TicketRequest,
    (http.PATH_ENROL, "post"): DSSE_MEDIA,
    (http.PATH_WIPED, "post"): DSSE_MEDIA,
}
_ANSWERS: Final[dict[tuple[str, str], str]] = {
    (http.PATH_METADATA, "get"): TUF_MEDIA,
    (http.PATH_TARGET, "get"): BLOB_MEDIA,
    (http.PATH_ENVELOPE, "get"): DSSE_MEDIA,
    (http.PATH_CERTIFIED, "get"): DSSE_MEDIA,
    (http.PATH_CLOSING, "get"): DSSE_MEDIA,
    (http.PATH_STATEMENTS, "get"): DSSE_MEDIA,
    (http.PATH_LOG_HEAD, "get"): DSSE_MEDIA,
    (http.PATH_TIME, "get"): DSSE_MEDIA,
}
"""Answers of stored or signed bytes, which the framework takes for JSON."""
_OBJECTS: Final[dict[str, tuple[str, ...]]] = {
    DSSE_MEDIA: ("payload", "payloadType", "signatures"),
    TUF_MEDIA: ("signed", "signatures"),
}
"""Signed JSON and the fields it must have; what is inside is for ``client.protocol.codec`` to judge."""
_DERIVED: Final = (LogAnswer,)
"""Answers whose fields the framework describes wrongly."""
_SECURITY: Final = {
    "type": "http",
    "scheme": "signature",
    "description": "RFC 9421, tag ecab-v1, ecdsa-p256-sha256, over @method @target-uri and, where present, "
    "content-type content-digest idempotency-key",
}


def document(app: Litestar) -> dict[str, Any]:
    """The OpenAPI 3.1 document of ``app``."""
    made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))
    kinds = [kind for kind in _BODIES.values() if isinstance(kind, type)]
    _, schemas = msgspec.json.schema_components(
        [*kinds, *_DERIVED, http.ProblemDocument], ref_template="#/components/schemas/{name}"
    )
    components = made.setdefault("components", {})
    components.setdefault("schemas", {}).update(schemas)
    components["securitySchemes"] = {"signature": _SECURITY}
    made["paths"] = {_public(path): operations for path, operations in made["paths"].items()}
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                parameter["name"] = "scope" if parameter["name"] == RENAMED else parameter["name"]
            body = _BODIES.get((path, method))
            if body is not None:
                operation["requestBody"] = {"required": True, "content": _content(body)}
            media = _ANSWERS.get((path, method))
            if media is not None:
                operation["responses"]["200"]["content"] = _content(media)
            good = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
            operation["responses"] = good | {"default": _problem()}  # the framework's own refusals never leave
    for path, method in _signed(app):
        made["paths"][path][method]["security"] = [{"signature": []}]
    return made


def _public(path: str) -> str:
    return path.replace(RENAMED, "scope")


def _content(body: type | str) -> dict[str, Any]:
    if body in _OBJECTS:
        return {str(body): {"schema": {"type": "object", "required": list(_OBJECTS[str(body)])}}}
    if isinstance(body, str):
        return {body: {"schema": {"type": "string", "format": "binary"}}}
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{body.__name__}"}}}


def _problem() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {"description": "Problem (RFC 9457)", "content": {http.PROBLEM_MEDIA: {"schema": schema}}}


def _signed(app: Litestar) -> list[tuple[str, str]]:
    """Path and method of every operation that wants a signature."""
    found = []
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            access: Access = handler.opt.get("access", Access())
            if access.open or not handler.resolve_include_in_schema():
                continue
            methods = {str(method).lower() for method in handler.http_methods} - {"options"}
            found += [(_public(route.path_format), method) for method in methods]
    return found


@get(PATH_SCHEMA, opt=auth.open_to_all(), include_in_schema=False, media_type=MEDIA, sync_to_thread=False)
def get_schema(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The document itself, made once."""
    state = request.app.state
    if "schema" not in state:
        state.schema = msgspec.json.encode(document(request.app))
    return Response(state.schema, media_type=MEDIA)


HANDLERS = (get_schema,)
