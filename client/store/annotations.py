# SPDX-License-Identifier: AGPL-3.0-or-later
"""The member's ink, highlights, notes and bookmarks in ``record.db``, saved one by one as they are made.

Annotations are added and deleted, never changed; a deleted one stays as a mark so that undo and a second
device can tell it from one never seen (protocol.md, section 7). ``ChangeSet.ids`` are paper ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from client.domain.annotation import Annotation
from client.domain.ids import AnnotationId, Hash, Moment, PaperId
from client.errors import InternalFault
from client.store.changes import NOTHING, ChangeSet, Topic, Written, wrote
from client.store.connection import Connection, Row
from client.store.rows import from_pack, to_pack

_ORDER: Final = "ORDER BY paper, page, made, id"


def add(conn: Connection, annotation: Annotation) -> Written[None]:
    """Keep an annotation; adding the same one again changes nothing.

    Raises:
        InternalFault: Another annotation has this id.
    """
    body = to_pack(annotation)
    row = conn.execute("SELECT body FROM annotations WHERE id = ?", (annotation.id,)).fetchone()
    if row is not None:
        if row[0] != body:
            raise InternalFault(f"annotation {annotation.id} is taken")
        return None, NOTHING
    conn.execute(
        "INSERT INTO annotations (id, paper, plain, page, made, body) VALUES (?, ?, ?, ?, ?, ?)",
        (annotation.id, annotation.paper, annotation.plain, annotation.page, annotation.made, body),
    )
    return wrote(Topic.ANNOTATIONS, annotation.paper)


def delete(conn: Connection, annotation: AnnotationId, at: Moment) -> Written[None]:
    """Mark as deleted; one that is unknown or deleted already changes nothing."""
    return _mark(
        conn, "UPDATE annotations SET deleted = ? WHERE id = ? AND deleted IS NULL RETURNING paper", (at, annotation)
    )


def restore(conn: Connection, annotation: AnnotationId) -> Written[None]:
    """Undo a deletion; one that is unknown or live changes nothing."""
    return _mark(
        conn,
        "UPDATE annotations SET deleted = NULL WHERE id = ? AND deleted IS NOT NULL RETURNING paper",
        (annotation,),
    )


def of_paper(conn: Connection, paper: PaperId, plain: Hash | None = None) -> tuple[Annotation, ...]:
    """Live annotations of a paper by page and age; with ``plain``, of that exact PDF only."""
    rows = conn.execute(
        "SELECT body FROM annotations WHERE paper = ? AND plain = coalesce(?, plain) AND deleted IS NULL " + _ORDER,  # noqa: S608
        (paper, plain),
    )
    return _all(rows)


def unless_count(conn: Connection, paper: PaperId, plain: Hash, count: int) -> tuple[Annotation, ...] | None:
    """Live annotations of that exact PDF; None if there are ``count``: cheap, for it is asked after every stroke."""
    row = conn.execute(
        "SELECT count(*) FROM annotations WHERE paper = ? AND plain = ? AND deleted IS NULL", (paper, plain)
    ).fetchone()
    assert row is not None
    return None if row[0] == count else of_paper(conn, paper, plain)


def all_live(conn: Connection) -> tuple[Annotation, ...]:
    """Every live annotation, by paper, page and age."""
    return _all(conn.execute("SELECT body FROM annotations WHERE deleted IS NULL " + _ORDER))  # noqa: S608


def counts(conn: Connection) -> dict[PaperId, dict[int, int]]:
    """How many live annotations each page (counting from 0) of each paper has."""
    found: dict[PaperId, dict[int, int]] = {}
    for paper, page, count in conn.execute(
        "SELECT paper, page, count(*) FROM annotations WHERE deleted IS NULL GROUP BY paper, page"
    ):
        found.setdefault(PaperId(paper), {})[page] = count
    return found


def _mark(conn: Connection, sql: str, params: tuple[str, ...]) -> Written[None]:
    papers = [row[0] for row in conn.execute(sql, params)]
    return None, ChangeSet.of(Topic.ANNOTATIONS, *papers) if papers else NOTHING


def _all(rows: Iterable[Row]) -> tuple[Annotation, ...]:
    kind: type[Annotation] = Annotation  # type: ignore[assignment]  # a union stands for its members here
    return tuple(from_pack(body, kind) for (body,) in rows)
