# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/tuf/*`` and ``/env/*``: TUF metadata, its targets, and scope keys for devices."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
from litestar import Request, Response, get, put
from litestar.params import FromPath

from client.crypto.metadata.verify import ROLES, ROOT, SNAPSHOT, TIMESTAMP
from client.domain.ids import DeviceId, PackId
from client.errors import FormatRefused
from client.protocol import codec, names
from client.protocol.http import (
    PATH_ENVELOPE,
    PATH_METADATA,
    PATH_RELEASE,
    PATH_TARGET,
    TUF_MEDIA,
    MetadataUpload,
    Problem,
)
from client.protocol.messages import TargetName
from server import auth, sizes
from server.auth import Role
from server.handlers.common import found, mount, opaque, read_id, read_number, service_of, signed_object
from server.problems import Refusal
from server.storage import index, metadata

_FILE: Final = re.compile(rf"(?:([1-9][0-9]{{0,14}})\.)?({'|'.join((ROOT, *ROLES))})\.json")
_READERS = (Role.DEVICE, Role.PUBLISHER, Role.REGISTRAR)


@get(mount(PATH_METADATA), opt=auth.allow(*_READERS, inactive=True))
async def get_metadata(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """A TUF metadata file; the timestamp is signed anew on the way if half its time is over."""
    service, (role, version) = service_of(request), _file_name(name)

    def work() -> bytes | None:
        if role == TIMESTAMP:
            service.freshen()
        with service.database.read() as conn:
            return metadata.find(conn, role, version)

    return opaque(found(await service.run(work)), media=TUF_MEDIA)


@put(mount(PATH_RELEASE), opt=auth.allow(Role.PUBLISHER, Role.REGISTRAR, body=sizes.RELEASE), status_code=204)
async def put_release(request: Request[Any, Any, Any]) -> None:
    """Put new metadata in force, as a whole."""
    service = service_of(request)
    upload = codec.decode(auth.body_of(request), MetadataUpload, limit=codec.MAX_RELEASE)

    def work() -> None:
        with service.write() as tx:
            service.authority.release(tx, upload)

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
            index.put_target(tx, service.roles.registrar, target, body)

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
            index.put_envelope(tx, service.roles.publisher, body, scope=pack, epoch=number, device=owner)

    await service.run(work)


def _target_name(path: str) -> str:
    try:
        return msgspec.convert(path.removeprefix("/"), TargetName)
    except msgspec.ValidationError as error:
        raise FormatRefused("target name") from error


def _file_name(name: str) -> tuple[str, int | None]:
    """Role and version of a metadata file.

    Raises:
        Refusal: There is no such file.
    """
    matched = _FILE.fullmatch(name)
    if matched is None:
        raise Refusal(Problem.NOT_FOUND)
    number, role = matched.groups()
    if number is None and role not in {TIMESTAMP, SNAPSHOT}:
        raise Refusal(Problem.NOT_FOUND)
    return role, None if number is None else int(number)


HANDLERS = (get_metadata, put_release, get_target, put_target, get_envelope, put_envelope)
