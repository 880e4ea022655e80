# SPDX-License-Identifier: AGPL-3.0-or-later
"""One schema, four forms and the client's own reader: they must all mean the same."""

from __future__ import annotations

import json
import os
import plistlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from client.policy import KEYS, MEMBER_MAY_CHANGE, Layer, Policy, PolicyUnreadable, load
from client.policy_places import from_file, from_registry
from resources.packaging.builder import policy_admx, policy_files, policy_schema
from resources.packaging.builder.policy_schema import Key

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = policy_schema.read(ROOT / "resources" / "packaging")
ATTRIBUTES = {name: attribute for attribute, name in KEYS.items()}
NS = {"p": policy_admx.NAMESPACE}


def accepted(values: dict[str, Any]) -> bool:
    try:
        load([Layer("enforced", "test", values)])
    except PolicyUnreadable:
        return False
    return True


def test_the_schema_names_exactly_what_the_client_reads() -> None:
    assert [key.name for key in SCHEMA.keys] == list(KEYS.values())
    assert {ATTRIBUTES[key.name] for key in SCHEMA.keys if key.member_may_change} == set(MEMBER_MAY_CHANGE)
    for key in SCHEMA.keys:
        assert key.default == getattr(Policy(), ATTRIBUTES[key.name])


def values_to_try(key: Key) -> list[Any]:
    pins = ["sha256/" + letter * 43 + "=" for letter in "ABCDEFGHIJKLMNOPQ"]
    of_kind: dict[str, list[Any]] = {
        "bool": [True, False],
        "int": [key.least - 1, key.least, key.most, key.most + 1],
        "choice": [*key.choices, key.choices[0].upper() if key.choices else "", "other"],
        "list": [pins[: key.least - 1], pins[: key.least], pins[: key.most], pins[: key.most + 1], [*pins[:2], "x"]],
        "url": ["https://a.example", "http://a.example", "ftp://a.example", "https://", "https://a b", "x" * 301],
        "version": ["1.2.3", "1.2", "1.2.3.4", "v1.2.3", "1.2.123456"],
        "path": ["/etc/ca.pem", "", "x" * 500, "x" * 501],
    }
    return [key.example, *of_kind[key.kind], None, [], {}, "yes", 3.5]


@pytest.mark.parametrize("key", SCHEMA.keys, ids=lambda key: key.name)
def test_json_schema_and_client_agree(key: Key) -> None:
    """Value by value: what the published schema lets through is what the client starts with."""
    validator = jsonschema.Draft202012Validator(json.loads(policy_files.json_schema(SCHEMA)))
    for value in values_to_try(key):
        assert validator.is_valid({key.name: value}) == accepted({key.name: value}), value
    assert not validator.is_valid({key.name + "x": key.example})


def test_the_example_is_a_policy(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    path = tmp_path / "policies.json"
    path.write_bytes(policy_files.example(SCHEMA))
    layer = from_file("enforced", path, owner=os.getuid())
    assert layer is not None
    assert {origin.source for origin in load([layer]).origins} == {"enforced"}


def test_the_profile_carries_what_the_client_reads(tmp_path: Path) -> None:
    """What MDM leaves in Managed Preferences is the inner payload; its own bookkeeping is no policy."""
    tmp_path.chmod(0o755)
    profile = plistlib.loads(policy_files.mobileconfig(SCHEMA))
    (inner,) = profile["PayloadContent"]
    assert inner["PayloadType"] == policy_files.BUNDLE_ID
    path = tmp_path / f"{policy_files.BUNDLE_ID}.plist"
    path.write_bytes(plistlib.dumps(inner))
    layer = from_file("enforced", path, owner=os.getuid())
    assert layer is not None
    assert load([layer]).offline_lease_days == 14
    assert policy_files.mobileconfig(SCHEMA) == policy_files.mobileconfig(SCHEMA)


def registry_of_the_template() -> dict[str, Any]:
    """What Group Policy writes when every setting is enabled with the example's value."""
    root = ET.fromstring(policy_admx.admx(SCHEMA))
    examples = {key.name: key.example for key in SCHEMA.keys}
    written: dict[str, Any] = {}
    for policy in root.iterfind("p:policies/p:policy", NS):
        assert policy.get("key") == policy_admx.REGISTRY_KEY
        name = policy.get("valueName")
        if name:
            which = "p:enabledValue" if examples[name] else "p:disabledValue"
            written[name] = int(policy.find(f"{which}/p:decimal", NS).get("value"))  # type: ignore[union-attr,arg-type]
        for element in policy.iterfind("p:elements/*", NS):
            written[element.get("valueName", "")] = examples[element.get("valueName", "")]
    return written


def test_group_policy_writes_what_the_client_reads() -> None:
    written = registry_of_the_template()
    layer = from_registry("enforced", policy_admx.REGISTRY_KEY, lambda _key: written)
    assert layer is not None
    by_template = load([layer])
    by_file = load([Layer("enforced", "file", json.loads(policy_files.example(SCHEMA)))])
    assert [getattr(by_template, a) for a in KEYS] == [getattr(by_file, a) for a in KEYS]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_reference_of_the_template_has_its_text(language: str) -> None:
    template = policy_admx.admx(SCHEMA).decode()
    texts = ET.fromstring(policy_admx.adml(SCHEMA, language))
    strings = {s.get("id"): s.text for s in texts.iterfind(".//p:string", NS)}
    boxes = {p.get("id"): p for p in texts.iterfind(".//p:presentation", NS)}
    for element in ET.fromstring(template).iter():
        for value in element.attrib.values():
            if value.startswith("$(string."):
                assert strings[value[len("$(string.") : -1]]
            if value.startswith("$(presentation."):
                (inside,) = boxes[value[len("$(presentation.") : -1]]
                assert inside.get("refId") == value[len("$(presentation.") : -1]
    assert all(f"$(string.{ident})" in template for ident in strings)


def test_the_page_for_it_staff_is_current() -> None:
    assert (ROOT / "docs" / "policy.md").read_bytes() == policy_files.page(SCHEMA), (
        "run build_installer.py policy --docs"
    )
