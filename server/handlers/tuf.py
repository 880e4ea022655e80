# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/tuf/*`` and ``/env/*``: the index, its targets, and scope keys for devices."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get, put
from litestar.params import FromPath

from client.domain.ids import DeviceId, PackId
from client.errors import FormatRefused
from client.protocol import names
from client.protocol.http import PATH_ENVELOPE, PATH_INDEX, PATH_TARGET, Problem
from client.protocol.messages import TargetName
from server import auth, sizes
from server.auth import Role
from server.handlers.common import found, mount, opaque, read_id, read_number, service_of, signed_object
from server.problems import Refusal
from server.service import Service
from server.storage import index

_READERS = (Role.DEVICE, Role.PUBLISHER, Role.REGISTRAR)


@get(mount(PATH_INDEX), opt=auth.allow(*_READERS, inactive=True))
async def get_index(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The index in force, as a DSSE envelope; ``ETag`` is its version."""
    service = service_of(request)
    version, envelope = found(await service.run(_current, service))
    if request.headers.get("if-none-match") == f'"{version}"':
        return Response(b"", status_code=304, headers={"ETag": f'"{version}"'})
    return signed_object(envelope, etag=str(version))


def _current(service: Service) -> tuple[int, bytes] | None:
    with service.database.read() as conn:
        return index.current_index(conn)


@put(mount(PATH_INDEX), opt=auth.allow(Role.PUBLISHER, body=sizes.INDEX), status_code=204)
async def put_index(request: Request[Any, Any, Any]) -> None:
    """Put a newer index in force."""
    service, body = service_of(request), auth.body_of(request)

    def work() -> None:
        with service.write() as tx:
            index.put_index(tx, service.config.root, body)

    await service.run(work)


@get(mount(PATH_TARGET), opt=auth.allow(*_READERS, inactive=True))
async def get_target(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """The bytes of one target; a device that is not active gets directories only."""
    service, target = service_of(request), _target_name(name)
    device = auth.caller_of(request).device
    directory = target.startswith(names.DIRECTORY + ".")
    if device is not None and not directory and not auth.is_active(device, service.config.clock):
        raise Refusal(Problem.DEVICE_REVOKED, device.id)

    def work() -> bytes | None:
        with service.database.read() as conn:
            return index.target(conn, target)

    return opaque(found(await service.run(work)))


@put(
    mount(PATH_TARGET),
    opt=auth.allow(Role.PUBLISHER, Role.REGISTRAR, body=sizes.TARGET),
    status_code=204,
)
async def put_target(request: Request[Any, Any, Any], name: FromPath[str]) -> None:
    """Store a target for good."""
    service, target, body = service_of(request), _target_name(name), auth.body_of(request)

    def work() -> None:
        with service.write() as tx:
            index.put_target(tx, service.config.root, target, body)

    await service.run(work)


@get(mount(PATH_ENVELOPE), opt=auth.allow(Role.DEVICE, Role.PUBLISHER))
async def get_envelope(
    request: Request[Any, Any, Any], scope_id: FromPath[str], epoch: FromPath[str], device: FromPath[str]
) -> Response[bytes]:
    """A scope key sealed to one device, for that device."""
    service, caller = service_of(request), auth.caller_of(request)
    pack, number, owner = read_id(scope_id, PackId), read_number(epoch), read_id(device, DeviceId)
    if not caller.is_publisher and caller.keyid != owner:
        raise Refusal(Problem.FORBIDDEN)

    def work() -> bytes | None:
        with service.database.read() as conn:
            return index.envelope(conn, scope=pack, epoch=number, device=owner)

    return signed_object(found(await service.run(work)))


@put(mount(PATH_ENVELOPE), opt=auth.allow(Role.PUBLISHER, body=sizes.ENVELOPE), status_code=204)
async def put_envelope(
    request: Request[Any, Any, Any], scope_id: FromPath[str], epoch: FromPath[str], device: FromPath[str]
) -> None:
    """Store a scope key sealed to one device."""
    service, body = service_of(request), auth.body_of(request)
    pack, number, owner = read_id(scope_id, PackId), read_number(epoch), read_id(device, DeviceId)

    def work() -> None:
        with service.write() as tx:
            index.put_envelope(tx, service.config.root, body, scope=pack, epoch=number, device=owner)

    await service.run(work)


def _target_name(path: str) -> str:
    try:
        return msgspec.convert(path.removeprefix("/"), TargetName)
    except msgspec.ValidationError as error:
        raise FormatRefused("target name") from error


HANDLERS = (get_index, put_index, get_target, put_target, get_envelope, put_envelope)
