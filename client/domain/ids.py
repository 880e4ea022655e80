# SPDX-License-Identifier: AGPL-3.0-or-later
"""Identifiers and scalar types that cross the wire, with the patterns that guard them.

An id is never a path, never a title and never derived from one: the pattern admits no dot, slash, space or
letter outside ASCII, so a name from the wire cannot reach the file system in disguise.
"""

from __future__ import annotations

from typing import Annotated, NewType

from msgspec import Meta

ID_PATTERN = r"^[a-z0-9_]{4,40}$"
SHORT_ID_PATTERN = r"^[a-z0-9_]{1,40}$"
HASH_PATTERN = r"^sha256:[0-9a-f]{64}$"
MOMENT_PATTERN = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"

_Id = Annotated[str, Meta(pattern=ID_PATTERN)]

MemberId = NewType("MemberId", _Id)
DeviceId = NewType("DeviceId", _Id)
PackId = NewType("PackId", _Id)
SessionId = NewType("SessionId", _Id)
ItemId = NewType("ItemId", _Id)
PaperId = NewType("PaperId", _Id)
PollId = NewType("PollId", _Id)
AnnotationId = NewType("AnnotationId", _Id)
CommentId = NewType("CommentId", _Id)

QuestionId = NewType("QuestionId", Annotated[str, Meta(pattern=SHORT_ID_PATTERN)])
ChoiceCode = NewType("ChoiceCode", Annotated[str, Meta(pattern=SHORT_ID_PATTERN)])
"""A stable code such as ``yes``; labels come with the ballot (product.md, section 2)."""

RuleSetId = NewType("RuleSetId", Annotated[str, Meta(pattern=r"^[a-z0-9-]{2,40}/[0-9]{1,6}$")])
"""``gov-2025/1``: the rule set's name and version."""

Hash = NewType("Hash", Annotated[str, Meta(pattern=HASH_PATTERN)])
"""``sha256:`` and 64 lower-case hexadecimal digits."""

Moment = NewType("Moment", Annotated[str, Meta(pattern=MOMENT_PATTERN)])
"""RFC 3339 UTC with exactly three decimals; of one width, so text order is time order."""
