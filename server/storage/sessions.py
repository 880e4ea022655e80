# SPDX-License-Identifier: AGPL-3.0-or-later
"""Live sessions as the service keeps them: the publisher's plan and the hall it has come to.

It stores and finds; ``server.live`` decides. A plan is replaced only by a newer one for the same session and pack;
every version of it stays in the audit chain by its hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, insert, select, update

from client.crypto import dsse
from client.domain.ids import Hash, PackId, SessionId
from client.errors import FormatRefused, StoreDamaged
from client.protocol import codec
from client.protocol.http import Problem
from client.protocol.live import Hall
from client.protocol.messages import SessionPlan
from server import sizes
from server.problems import Refusal
from server.storage.schema import sessions
from server.storage.transaction import Transaction

_GET: Final = select(sessions).where(sessions.c.session == bindparam("session"))
_OF_PACK: Final = select(sessions).where(sessions.c.pack == bindparam("pack"))
_decoder: Final = msgspec.json.Decoder(Hall)


class SessionRow(Struct, frozen=True):
    """One session."""

    session: SessionId
    pack: PackId
    plan: bytes
    plan_hash: Hash
    version: int
    hall: Hall


def plan_of(row: SessionRow) -> SessionPlan:
    """The plan inside a stored envelope, which was verified when it was stored."""
    return _plan(row.plan)


@lru_cache(maxsize=64)
def _plan(envelope: bytes) -> SessionPlan:
    payload, _ = dsse.peek_unverified(envelope, limit=sizes.PLAN)
    return codec.decode(payload, SessionPlan, limit=codec.MAX_PLAN)


def open_plan(publisher: Mapping[str, str], session: SessionId, envelope: bytes) -> tuple[SessionPlan, Hash]:
    """Verify and read a plan.

    Raises:
        SignatureInvalid: Not the publisher's.
        FormatRefused: Not a plan of this session, or one that contradicts itself.
    """
    opened = dsse.open_(envelope, publisher, limit=sizes.PLAN)
    plan = codec.decode(opened.payload, SessionPlan, limit=codec.MAX_PLAN)
    if plan.session != session:
        raise FormatRefused("session and path differ")
    for listed in (plan.plan.members, plan.plan.operators, [item.id for item in plan.plan.items]):
        if len(set(listed)) != len(listed):
            raise FormatRefused("something is listed twice")
    return plan, Hash(opened.hash)


def get(conn: Connection, session: SessionId) -> SessionRow | None:
    """One session as it stands."""
    return _one(conn.execute(_GET, {"session": session}).one_or_none())


def of_pack(conn: Connection, pack: PackId) -> SessionRow | None:
    """The session of a pack."""
    return _one(conn.execute(_OF_PACK, {"pack": pack}).one_or_none())


def locked(tx: Transaction, session: SessionId) -> SessionRow:
    """One session, its row locked until the transaction ends.

    Raises:
        Refusal: There is none.
    """
    row = _one(tx.conn.execute(_GET.with_for_update(), {"session": session}).one_or_none())
    if row is None:
        raise Refusal(Problem.SESSION_UNKNOWN, session)
    return row


def add(tx: Transaction, row: SessionRow) -> None:
    """A new session.

    Raises:
        Refusal: The pack has another session already.
    """
    if of_pack(tx.conn, row.pack) is not None:
        raise Refusal(Problem.VERSION_CONFLICT, row.pack)
    tx.conn.execute(
        insert(sessions).values(
            session=row.session,
            pack=row.pack,
            plan=row.plan,
            plan_hash=row.plan_hash,
            version=row.version,
            hall=codec.encode(row.hall),
        )
    )


def save(tx: Transaction, row: SessionRow) -> None:
    """The session after a change."""
    tx.conn.execute(
        update(sessions)
        .where(sessions.c.session == row.session)
        .values(plan=row.plan, plan_hash=row.plan_hash, version=row.version, hall=codec.encode(row.hall))
    )


def _one(row: Row[Any] | None) -> SessionRow | None:
    if row is None:
        return None
    try:
        hall = _decoder.decode(row.hall)
    except msgspec.DecodeError as error:
        raise StoreDamaged(f"session {row.session}") from error
    return SessionRow(SessionId(row.session), PackId(row.pack), row.plan, Hash(row.plan_hash), row.version, hall)
