# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions on live sessions: fetch plan and state, check both against the pack, keep what is newer.

What may be believed:
1. The plan is a publisher's and about the session that the opened manifest describes.
2. The state is a service's, names exactly this plan, and lists nobody on the roll but the plan's members.
3. Its version is not older than the one believed before, nor is the plan's; of the same version only the same state.
4. A conclusion has the hash and length the state names and opens under the pack's scope key for this very item.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from client.crypto import dsse, hashing, stream
from client.domain.ids import SessionId
from client.domain.live import ItemConclusion, LiveSession
from client.errors import ContentMismatch, RollbackDetected, SignatureInvalid
from client.protocol import codec, http, names
from client.protocol.http import SessionAnswer
from client.protocol.messages import Conclusion, SessionPlan, SessionState
from client.store import live, trusted
from client.sync import actions
from client.sync.crashpoints import crash_point
from client.sync.means import Means

_PLAN_LIMIT: Final = codec.MAX_PLAN * 4 // 3 + codec.MAX_SMALL
_STATE_LIMIT: Final = codec.MAX_SESSION * 4 // 3 + codec.MAX_SMALL


def open_answer(
    answer: SessionAnswer,
    action: actions.RefreshSession,
    *,
    publishers: Mapping[str, str],
    services: Mapping[str, str],
) -> LiveSession:
    """Rules 1 and 2.

    Raises:
        Untrusted: Plan and state do not belong together, or not to this session.
    """
    opened = dsse.open_(answer.plan, publishers, limit=_PLAN_LIMIT)
    plan = codec.decode(opened.payload, SessionPlan, limit=codec.MAX_PLAN)
    if (plan.session, plan.pack) != (action.session, action.pack):
        raise ContentMismatch(f"{action.session}: plan of another session")
    told = dsse.open_(answer.state, services, limit=_STATE_LIMIT)
    state = codec.decode(told.payload, SessionState, limit=codec.MAX_SESSION)
    if state.by != told.keyid:
        raise SignatureInvalid(f"signed by {told.keyid}, says {state.by}")
    if state.session != action.session or state.plan != opened.hash:
        raise ContentMismatch(f"{action.session}: state of another plan")
    on_roll = [entry.member for entry in state.room.roll]
    if len(set(on_roll)) != len(on_roll) or not set(on_roll) <= set(plan.plan.members):
        raise ContentMismatch(f"{action.session}: roll")
    return LiveSession(
        session=state.session,
        pack=plan.pack,
        version=state.version,
        plan_hash=state.plan,
        plan_version=plan.version,
        plan=plan.plan,
        room=state.room,
        at=state.at,
    )


def refresh(means: Means, action: actions.RefreshSession) -> None:
    """Ask where a session stands and keep what verifies and is newer.

    Raises:
        Untrusted: It does not verify.
        RollbackDetected: State or plan is older than the one that was believed last.
        ServiceRefused: The service knows no such session.
    """
    answer = means.transport.get_session(action.session)
    found = open_answer(answer, action, publishers=means.trust.publisher_keys(), services=means.trust.service_keys())
    known = means.record.read(lambda conn: live.get(conn, action.session)).result()
    if known is not None:
        if found.version < known.version or found.plan_version < known.plan_version:
            raise RollbackDetected(
                f"{action.session}: {found.version}/{found.plan_version}, have {known.version}/{known.plan_version}"
            )
        same = (found.plan_hash, found.room) == (known.plan_hash, known.room)
        if found.version == known.version:
            if not same:
                raise ContentMismatch(f"{action.session}: two states of version {found.version}")
            return
        if same:  # the version alone moved: remembered, so that nothing between the two is believed again
            means.record.write(lambda conn: live.raise_version(conn, found)).result()
            return
    means.record.write(lambda conn: live.save(conn, found, plan=answer.plan, state=answer.state)).result()
    crash_point("session.saved")


def fetch_conclusion(means: Means, action: actions.FetchConclusion) -> bool:
    """Get an item's conclusion, open it, keep the words; False while the scope key is not here.

    Raises:
        Untrusted: Not the bytes the signed state names, or not this item's.
    """
    known = means.record.read(lambda conn: live.get(conn, action.session)).result()
    wanted = (
        None
        if known is None
        else next(
            (
                item.conclusion
                for item in known.room.items
                if item.id == action.item and item.conclusion is not None and item.conclusion.blob == action.blob
            ),
            None,
        )
    )
    if wanted is None:
        return False
    key = means.record.read(lambda conn: trusted.load_scope_key(conn, action.pack, wanted.epoch)).result()
    if key is None:
        return False
    sealed = means.transport.fetch(http.PATH_BLOB.format(hash=wanted.blob), wanted.size)
    if len(sealed) != wanted.size or hashing.sha256(sealed) != wanted.blob:
        raise ContentMismatch(f"{action.session}: conclusion of {action.item}")
    context = names.conclusion_context(action.pack, action.session, action.item)
    opened = codec.decode(
        stream.open_bytes(key, context, sealed, limit=codec.MAX_CONCLUSION), Conclusion, limit=codec.MAX_CONCLUSION
    )
    if (opened.session, opened.item) != (action.session, action.item):
        raise ContentMismatch(f"{action.session}: conclusion of another item")
    kept = ItemConclusion(SessionId(opened.session), opened.item, opened.text, opened.at)
    means.record.write(lambda conn: live.save_conclusion(conn, kept, wanted.blob)).result()
    return True
