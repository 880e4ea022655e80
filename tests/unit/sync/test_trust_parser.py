# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever bytes stand where metadata should be: one of our errors comes out, and nothing believed changes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.crypto.metadata import verify
from client.crypto.metadata.verify import PUBLISHER, REGISTRAR, SNAPSHOT, TIMESTAMP
from client.errors import Untrusted
from tests.unit.sync.test_trust import NOW_MS, Millis, believing, release, serving, unchanged

ROLES = (TIMESTAMP, SNAPSHOT, REGISTRAR, PUBLISHER)
"""What every release fetches; the offline targets came with the installation and are read from there."""
NEXT = serving(release(6), 6).roles
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def check(role: str, data: bytes) -> None:
    trust, kept = believing()
    shelf = serving(release(6), 6)
    shelf.roles[role] = data
    with pytest.raises(Untrusted):
        trust.refresh(shelf, Millis(NOW_MS))
    unchanged(trust, kept)


@pytest.mark.parametrize("role", ROLES)
@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes(role: str, data: bytes) -> None:
    check(role, data)


@pytest.mark.parametrize("role", ROLES)
@settings(max_examples=40, deadline=None)
@given(document=JSON)
def test_any_document(role: str, document: Any) -> None:
    check(role, json.dumps(document).encode())


@pytest.mark.parametrize("role", ROLES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_true_metadata_with_one_part_exchanged(role: str, data: st.DataObject) -> None:
    document = json.loads(NEXT[role])
    place = document
    while True:
        key = data.draw(st.sampled_from(sorted(place))) if isinstance(place, dict) and place else None
        if key is None:
            return  # an empty part: nothing to exchange
        if not isinstance(place[key], dict) or data.draw(st.booleans()):
            break
        place = place[key]
    before = place[key]
    place[key] = data.draw(JSON.filter(lambda found: found != before))
    check(role, json.dumps(document).encode())


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=400))
def test_a_root_of_any_bytes(data: bytes) -> None:
    trust, kept = believing()
    shelf = serving(release(6), 6)
    honest = shelf.get_metadata
    second = verify.file_name(verify.ROOT, 2)
    shelf.get_metadata = lambda name, limit: data if name == second else honest(name, limit)  # type: ignore[method-assign]
    with pytest.raises(Untrusted):
        trust.refresh(shelf, Millis(NOW_MS))
    unchanged(trust, kept)
