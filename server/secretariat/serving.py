# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose aide somebody is: said by ``members serves``, or by the column ``serves`` (giúp việc) of the members file.

The link travels in the directory, so the registrar's signature stands under it. It lets a member's tablet offer
the aide first when something is shared, and lets warnings about a member's deadlines reach the aide; it gives no
vote, no key and no paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from client.domain.ids import MemberId
from client.domain.people import AIDE, MAX_SERVED, SERVED_ROLES
from client.errors import BadInput, Text
from client.protocol.messages import MemberEntry
from server.secretariat import guess


class BadLink(BadInput):
    """Nobody can be such an aide; nothing was changed.

    Args:
        why: In both languages.
    """

    code = "user.serves"
    title = Text("Chưa ghi được người giúp việc", "The aide could not be set")

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


def links(aide: MemberEntry, wanted: Sequence[str], everybody: Mapping[MemberId, MemberEntry]) -> tuple[MemberId, ...]:
    """The ids of the members somebody is to serve, each once, in the order they were named.

    Args:
        aide: Who serves.
        wanted: Ids or names.
        everybody: The directory as it will be.

    Raises:
        BadLink: Not an aide, an unknown or doubtful name, somebody who cannot be served, or too many.
    """
    if wanted and aide.role != AIDE:
        raise BadLink(Text("chỉ người có vai trò aide (thư ký, chuyên viên) giúp việc", "only an aide serves somebody"))
    found: dict[MemberId, None] = {}
    for name in wanted:
        folded = guess.fold(name)
        same = [one for one in everybody.values() if one.id == name] or [
            one for one in everybody.values() if guess.fold(one.name) == folded
        ]
        if len(same) != 1:
            raise BadLink(Text(f"{name}: có {len(same)} người như vậy", f"{name}: {len(same)} match"))
        if same[0].role not in SERVED_ROLES:
            raise BadLink(Text(f"{name}: không phải thành viên", f"{name}: not a member"))
        found[same[0].id] = None
    if len(found) > MAX_SERVED:
        raise BadLink(Text(f"nhiều hơn {MAX_SERVED} thành viên", f"more than {MAX_SERVED} members"))
    return tuple(found)
