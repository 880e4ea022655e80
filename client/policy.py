# SPDX-License-Identifier: AGPL-3.0-or-later
"""The machine's policy: what IT staff fixed or suggested for everyone on it. Read once at start, never written.

Decides which value of each key is in force and says where it came from. First wins: enforced by IT staff, machine
default left by the installer, the member's own choice (only for the keys in ``MEMBER_MAY_CHANGE``), built in.

Rules:
1. Absence means nothing was meant. Anything present and unusable (not a policy, unknown key, value out of range,
   writable by others than the administrator) fails closed: the program says so and does not start with weaker rules
   than were meant. This holds for machine defaults too, because they may carry certificate pins.
2. A layer is checked whole before it is merged, so that the message names the right place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from client.domain.releases import Version, is_newer
from client.errors import EnvironmentFault, Text

Source = Literal["enforced", "machine default", "built-in"]
SHA256_PIN: Final = r"^sha256/[A-Za-z0-9+/]{43}=$"


class PolicyUnreadable(EnvironmentFault):
    """A policy exists and cannot be used; ``detail`` says where and why."""

    code = "machine.policy"
    title = Text("Chính sách của máy không dùng được", "The machine's policy cannot be used")
    next_step = Text("Cán bộ kỹ thuật cần sửa chính sách.", "IT staff must repair the policy.")


KEYS: Final = {
    "server_url": "ServerURL",
    "ca_file": "CAFile",
    "ca_pins": "CAPins",
    "proxy": "Proxy",
    "update_mode": "UpdateMode",
    "update_url": "UpdateURL",
    "update_root": "UpdateRoot",
    "recommended_version": "RecommendedVersion",
    "offline_lease_days": "OfflineLeaseDays",
    "allow_export": "AllowExport",
    "allow_print": "AllowPrint",
    "auto_lock_s": "AutoLockSeconds",
    "language": "Language",
    "log_level": "LogLevel",
    "open_without_sandbox": "OpenWithoutSandbox",
    "watermark": "Watermark",
}
"""Attribute to name: one spelling in JSON, registry and plist."""
MEMBER_MAY_CHANGE: Final = ("server_url", "auto_lock_s", "language")

Seconds = Annotated[int, Meta(ge=30, le=3600)]
Url = Annotated[str, Meta(pattern=r"^https?://[^\s]+$", max_length=300)]
Language = Literal["vi", "en"]


class Suggested(Struct, frozen=True):
    """Machine defaults of the keys that the member may change."""

    server_url: str | None = None
    auto_lock_s: int | None = None
    language: Language | None = None


class Origin(Struct, frozen=True):
    """Where the value of one key came from; for IT staff, never secret."""

    key: str
    value: Any
    source: Source
    place: str


class Policy(Struct, frozen=True, rename=KEYS):
    """Values in force; None leaves the choice to the member or the built-in default.

    Attributes:
        ca_file: PEM file of the only authorities that may vouch for the service; None for the system's.
        ca_pins: SHA-256 of public keys, at least two so that one can be replaced; see ``client.sync.pins``.
        update_mode: ``managed`` says that there is a newer version than the one that runs; ``off`` is silent. Code is
            never downloaded.
        update_url, update_root: Mirror of the signed update metadata, and the file with the root that is believed
            there; see ``client.updates``.
        auto_lock_s: Seconds without input.
        suggested, origins: Not keys of the policy: made by ``load``.
    """

    server_url: Url | None = None
    ca_file: Annotated[str, Meta(min_length=1, max_length=500)] | None = None
    ca_pins: (
        Annotated[tuple[Annotated[str, Meta(pattern=SHA256_PIN)], ...], Meta(min_length=2, max_length=16)] | None
    ) = None
    proxy: Url | None = None
    update_mode: Literal["managed", "off"] = "managed"
    update_url: Url | None = None
    update_root: Annotated[str, Meta(min_length=1, max_length=500)] | None = None
    recommended_version: Version | None = None
    offline_lease_days: Annotated[int, Meta(ge=1, le=60)] = 14
    allow_export: bool = True
    allow_print: bool = False
    auto_lock_s: Seconds | None = None
    language: Language | None = None
    log_level: Literal["info", "debug"] | None = None
    open_without_sandbox: bool = False
    watermark: bool = True
    suggested: Suggested = Suggested()
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """One place where IT staff or the installer left values.

    Attributes:
        place: File or registry key, for messages.
        values: As read; names as in ``KEYS`` values.
        as_texts: The place knows only texts and numbers: ``1`` and ``"true"`` may stand for a switch.
    """

    source: Source
    place: str
    values: Mapping[str, Any]
    as_texts: bool = False


def load(layers: Sequence[Layer]) -> Policy:
    """The policy in force; ``layers`` by falling strength.

    Raises:
        PolicyUnreadable: A layer holds an unknown key or a value that is not allowed.
    """
    for layer in layers:
        _checked(layer)
    chosen: dict[str, tuple[Any, Layer]] = {}
    for layer in reversed(layers):
        chosen |= {name: (value, layer) for name, value in layer.values.items()}
    fixed = {name: value for name, (value, layer) in chosen.items() if not _leaves_choice(name, layer)}
    suggested = {attribute: chosen[name][0] for attribute, name in KEYS.items() if name in chosen and name not in fixed}
    policy = msgspec.convert(fixed, Policy, strict=False)
    built_in = msgspec.to_builtins(policy)
    origins = tuple(
        Origin(name, chosen[name][0], chosen[name][1].source, chosen[name][1].place)
        if name in chosen
        else Origin(name, built_in[name], "built-in", "")
        for name in KEYS.values()
    )
    return msgspec.structs.replace(
        policy, suggested=msgspec.convert(suggested, Suggested, strict=False), origins=origins
    )


def suggesting(policy: Policy, *, server_url: str) -> Policy:
    """``policy`` with another address suggested for an enrolment."""
    return msgspec.structs.replace(policy, suggested=msgspec.structs.replace(policy.suggested, server_url=server_url))


def version_to_install(policy: Policy, running: str) -> str | None:
    """The version IT staff want, if it is newer than ``running`` and they want it said."""
    wanted = policy.recommended_version
    if wanted is None or policy.update_mode == "off":
        return None
    return wanted if is_newer(wanted, running) else None


def _leaves_choice(name: str, layer: Layer) -> bool:
    changeable = {KEYS[attribute] for attribute in MEMBER_MAY_CHANGE}
    return layer.source != "enforced" and name in changeable


def _checked(layer: Layer) -> None:
    unknown = sorted(set(layer.values) - set(KEYS.values()))
    if unknown:
        raise PolicyUnreadable(f"{layer.place}: unknown key {unknown[0][:40]}")
    empty = sorted(name for name, value in layer.values.items() if value is None)
    if empty:
        raise PolicyUnreadable(f"{layer.place}: {empty[0]} has no value")
    try:
        msgspec.convert(dict(layer.values), Policy, strict=not layer.as_texts)
    except msgspec.ValidationError as error:
        raise PolicyUnreadable(f"{layer.place}: {error}") from error
