# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes what the secretariat told after publishing: answers to comments, later deadlines.

Rules:
1. A bulletin is the publisher's; one that does not verify is told as a problem and passed over.
2. Of one subject the highest version stands, whatever comes in which order.
3. The place in the service's list is kept with what came from it, so that nothing is asked for twice and nothing is
   skipped by an interruption.
4. Words open with the pack's key of the epoch they name; while it is not here they wait, as signed.
"""

from __future__ import annotations

from typing import Final, cast

from client.crypto import dsse, stream
from client.domain.bulletin import Extension, Reply
from client.errors import ContentMismatch, Untrusted
from client.protocol import codec, names
from client.protocol.http import PATH_BULLETINS, BulletinList
from client.protocol.messages import AnswerText, Bulletin, CommentAnswer, ExtensionText
from client.store import bulletins, settings, trusted
from client.store.bulletins import ANSWER, EXTENSION, KeptBulletin
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.sync.events import Problem
from client.sync.means import Means

_AFTER: Final = "bulletins.after"
_LIMIT: Final = 8 * codec.MIB
"""Bytes of one part of the list."""
_ENVELOPE: Final = codec.MAX_STATEMENT * 4 // 3 + codec.MAX_SMALL
_MAX_PARTS: Final = 400
"""Parts of one look, so that a service that always says "more" is not followed for ever."""


def fetch(means: Means) -> bool:
    """Take what is new, then open what can be opened; whether there was anything.

    Raises:
        Untrusted: The list is not of its form.
        ServiceError: Interrupted; what came before is kept.
    """
    news = False
    for _ in range(_MAX_PARTS):
        means.brake.check()
        after = means.record.read(lambda conn: settings.get(conn, _AFTER, int, 0)).result()
        body = means.transport.fetch(f"{PATH_BULLETINS}?after={after}", _LIMIT)
        part = codec.decode(body, BulletinList, limit=_LIMIT)
        if not part.bulletins:
            break
        if part.next <= after:
            raise ContentMismatch(f"bulletins: {part.next} after {after}")
        found = [kept for envelope in part.bulletins if (kept := _verified(means, envelope)) is not None]
        means.record.write(lambda conn, found=found, at=part.next: _keep(conn, found, at)).result()  # type: ignore[misc]
        news = True
    return _open(means) or news


def _verified(means: Means, envelope: bytes) -> KeptBulletin | None:
    """Rule 1."""
    try:
        bulletin = _read(means, envelope)
    except Untrusted as error:
        means.emit(Problem(error))
        return None
    answer = isinstance(bulletin, CommentAnswer)
    subject = bulletin.comment if isinstance(bulletin, CommentAnswer) else bulletin.poll
    return KeptBulletin(subject, ANSWER if answer else EXTENSION, bulletin.pack, bulletin.version, envelope)


def _read(means: Means, envelope: bytes) -> Bulletin:
    payload = dsse.open_(envelope, means.trust.publisher_keys(), limit=_ENVELOPE).payload
    kind = cast("type[Bulletin]", Bulletin)  # a union is not a ``type`` to mypy; msgspec takes it
    return codec.decode(payload, kind, limit=codec.MAX_STATEMENT)


def _keep(conn: Connection, found: list[KeptBulletin], at: int) -> tuple[None, ChangeSet]:
    """Rules 2 and 3."""
    changes = settings.put(conn, _AFTER, at)[1]
    for each in found:
        changes |= bulletins.add(conn, each)[1]
    return None, changes


def _open(means: Means) -> bool:
    """Rule 4; whether any opened."""
    opened = False
    for kept in means.record.read(bulletins.unopened).result():
        bulletin = _read(means, kept.envelope)
        pack, epoch = bulletin.pack, bulletin.epoch
        key = means.record.read(lambda conn, pack=pack, epoch=epoch: trusted.load_scope_key(conn, pack, epoch)).result()  # type: ignore[misc]
        if key is None:
            continue
        context = names.bulletin_context(kept.kind, pack, kept.subject, kept.version)
        try:
            plain = stream.open_bytes(key, context, bulletin.sealed, limit=codec.MAX_STATEMENT)
            words = _words(bulletin, plain)
        except Untrusted as error:
            means.emit(Problem(error, kept.pack))
            means.record.write(lambda conn, subject=kept.subject: bulletins.drop(conn, subject)).result()  # type: ignore[misc]
            continue
        means.record.write(
            lambda conn, subject=kept.subject, words=words: bulletins.open_words(conn, subject, words)  # type: ignore[misc]
        ).result()
        opened = True
    return opened


def _words(bulletin: Bulletin, plain: bytes) -> Reply | Extension:
    if isinstance(bulletin, CommentAnswer):
        answer = codec.decode(plain, AnswerText, limit=codec.MAX_STATEMENT).words
        return Reply(bulletin.comment, bulletin.pack, bulletin.version, bulletin.at, answer)
    reason = codec.decode(plain, ExtensionText, limit=codec.MAX_STATEMENT).words.reason
    return Extension(bulletin.poll, bulletin.pack, bulletin.version, bulletin.closes, bulletin.at, reason)
