# SPDX-License-Identifier: AGPL-3.0-or-later
"""A policy that cannot be used is never replaced by a weaker one; the strongest layer wins and says so."""

from __future__ import annotations

import itertools
import json
import os
import plistlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from client.policy import (
    KEYS,
    MEMBER_MAY_CHANGE,
    Layer,
    Policy,
    PolicyUnreadable,
    Suggested,
    load,
    suggesting,
    version_to_install,
)
from client.policy_places import MAX_POLICY, from_file, from_registry

PIN_A = "sha256/" + "A" * 43 + "="
PIN_B = "sha256/" + "B" * 43 + "="


def enforced(**values: Any) -> Layer:
    return Layer("enforced", "enforced place", values)


def default(**values: Any) -> Layer:
    return Layer("machine default", "default place", values)


def read(path: Path) -> Policy:
    layer = from_file("enforced", path, owner=os.getuid())
    return load([layer] if layer else [])


def origin(policy: Policy, key: str) -> tuple[Any, str]:
    found = {o.key: o for o in policy.origins}[key]
    return found.value, found.source


@pytest.fixture
def path(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    return tmp_path / "policies.json"


def test_no_file_means_built_in_values(path: Path) -> None:
    policy = read(path)
    assert (policy.server_url, policy.allow_export, policy.suggested) == (None, True, Suggested())
    assert {o.source for o in policy.origins} == {"built-in"}
    assert [o.key for o in policy.origins] == list(KEYS.values())


def test_a_policy_is_read(path: Path) -> None:
    path.write_text('{"ServerURL":"https://ecabinet.example","AllowExport":false}')
    policy = read(path)
    assert (policy.server_url, policy.allow_export) == ("https://ecabinet.example", False)
    assert origin(policy, "AllowExport") == (False, "enforced")


VALUES: dict[str, tuple[Any, Any]] = {
    "ServerURL": ("https://a.example", "https://b.example"),
    "CAFile": ("/a.pem", "/b.pem"),
    "CAPins": ([PIN_A, PIN_B], [PIN_B, PIN_A]),
    "Proxy": ("http://a.example:3128", "http://b.example:3128"),
    "UpdateMode": ("off", "managed"),
    "UpdateURL": ("https://a.example/updates", "https://b.example/updates"),
    "UpdateRoot": ("/a.json", "/b.json"),
    "RecommendedVersion": ("1.2.3", "1.2.4"),
    "OfflineLeaseDays": (7, 30),
    "AllowExport": (False, True),
    "AllowPrint": (True, False),
    "AutoLockSeconds": (60, 120),
    "Language": ("en", "vi"),
    "LogLevel": ("debug", "info"),
    "OpenWithoutSandbox": (True, False),
    "Watermark": (False, True),
}


@pytest.mark.parametrize(("attribute", "key"), KEYS.items())
def test_precedence_of_every_key(attribute: str, key: str) -> None:
    """Enforced beats machine default beats built-in; a default of a changeable key only suggests."""
    strong, weak = VALUES[key]

    def plain(value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    both = load([enforced(**{key: strong}), default(**{key: weak})])
    assert getattr(both, attribute) == plain(strong)
    assert origin(both, key) == (strong, "enforced")
    only_default = load([default(**{key: weak})])
    assert origin(only_default, key) == (weak, "machine default")
    if attribute in MEMBER_MAY_CHANGE:
        assert getattr(only_default, attribute) is None
        assert getattr(only_default.suggested, attribute) == weak
        assert getattr(both.suggested, attribute) is None
    else:
        assert getattr(only_default, attribute) == plain(weak)
    assert getattr(load([]), attribute) == getattr(Policy(), attribute)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "\x00", "[" * 100_000),
        *('{"AllowExport":"no"}', '{"AllowExport":1}', '{"AllowExprot":false}', '{"allow_export":false}'),
        *('{"AutoLockSeconds":29}', '{"AutoLockSeconds":3601}', '{"ServerURL":null}', '{"ServerURL":"ftp://x"}'),
        *('{"AllowExport":true,"AllowExport":false}', '{"suggested":{}}', '{"origins":[]}'),
        json.dumps({"CAPins": [PIN_A]}),
        json.dumps({"CAPins": ["sha256/short", PIN_A]}),
    ],
)
def test_a_damaged_policy_stops_the_start(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(PolicyUnreadable):
        read(path)


def test_a_damaged_default_does_not_hide_behind_a_good_policy() -> None:
    with pytest.raises(PolicyUnreadable, match="default place"):
        load([enforced(Language="vi"), default(Language="fr")])


def test_size_limit(path: Path) -> None:
    path.write_text("{}" + " " * (MAX_POLICY - 2))
    assert read(path).server_url is None
    path.write_text("{}" + " " * (MAX_POLICY - 1))
    with pytest.raises(PolicyUnreadable, match="bytes"):
        read(path)


@pytest.mark.skipif(os.name != "posix", reason="owner and mode are POSIX notions")
@pytest.mark.parametrize(("which", "mode"), list(itertools.product(("file", "folder"), (0o775, 0o757))))
def test_what_others_may_write_is_not_believed(path: Path, which: str, mode: int) -> None:
    path.write_text('{"AllowExport":false}')
    (path if which == "file" else path.parent).chmod(mode)
    with pytest.raises(PolicyUnreadable, match="others than the administrator"):
        read(path)


def test_a_file_of_somebody_else_is_not_believed(path: Path) -> None:
    path.write_text("{}")
    with pytest.raises(PolicyUnreadable, match="others than the administrator"):
        from_file("enforced", path, owner=os.getuid() + 1)


@pytest.mark.parametrize("form", [plistlib.FMT_XML, plistlib.FMT_BINARY])
def test_a_managed_preference_is_read(path: Path, form: plistlib.PlistFormat) -> None:
    plist = path.with_name("vn.ecabinet.Client.plist")
    plist.write_bytes(plistlib.dumps({"OfflineLeaseDays": 7, "CAPins": [PIN_A, PIN_B]}, fmt=form))
    policy = read(plist)
    assert (policy.offline_lease_days, policy.ca_pins) == (7, (PIN_A, PIN_B))
    plist.write_bytes(b"<?xml version='1.0'?><plist><dict>")
    with pytest.raises(PolicyUnreadable):
        read(plist)


def test_registry_values_are_texts_and_numbers() -> None:
    """Group policy writes switches as 0 and 1; an installer writes '' for a property nobody gave."""
    values = {"": "x", "AllowExport": 0, "OfflineLeaseDays": "7", "ServerURL": "", "CAPins": [PIN_A, PIN_B]}
    asked: list[str] = []

    def registry(key: str) -> Mapping[str, Any] | None:
        asked.append(key)
        return values

    layer = from_registry("enforced", r"Software\Policies\e-Cabinet\Client", registry)
    assert layer is not None
    policy = load([layer])
    assert (policy.allow_export, policy.offline_lease_days, policy.server_url) == (False, 7, None)
    assert policy.ca_pins == (PIN_A, PIN_B)
    assert asked == [r"Software\Policies\e-Cabinet\Client"]
    assert from_registry("enforced", "absent", lambda _key: None) is None
    wrong = from_registry("enforced", "key", lambda _key: {"OfflineLeaseDays": 0})
    assert wrong is not None
    with pytest.raises(PolicyUnreadable, match="HKLM"):
        load([wrong])


@pytest.mark.parametrize(
    ("wanted", "mode", "said"),
    [
        ("0.1.1", "managed", "0.1.1"),
        ("0.10.0", "managed", "0.10.0"),
        ("0.1.0", "managed", None),
        ("0.0.9", "managed", None),
        ("9.0.0", "off", None),
        (None, "managed", None),
    ],
)
def test_a_version_it_staff_want_is_said_never_fetched(wanted: str | None, mode: str, said: str | None) -> None:
    policy = Policy(recommended_version=wanted, update_mode=mode)  # type: ignore[arg-type]
    assert version_to_install(policy, "0.1.0") == said


def test_a_link_suggests_what_policy_left_open() -> None:
    assert suggesting(load([default(Language="en")]), server_url="https://a.example").suggested == Suggested(
        server_url="https://a.example", language="en"
    )
