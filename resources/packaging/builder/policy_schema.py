# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads ``resources/packaging/policy/schema.toml``: the one description of the machine's policy."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from resources.packaging.builder.errors import BuilderError

Kind = Literal["url", "path", "list", "choice", "int", "bool", "version"]
KINDS: Final = ("url", "path", "list", "choice", "int", "bool", "version")
LANGUAGES: Final = {"vi": "vi-VN", "en": "en-US"}


@dataclass(frozen=True, slots=True)
class Key:
    """One key.

    Attributes:
        least, most: Bounds of the number, or of the number of entries.
        default: Built-in value; None where the member or nobody decides.
        member_may_change: As a machine default it only suggests.
        msi: Public property of the Windows installer that sets the machine default.
        title, text: By language.
    """

    name: str
    kind: Kind
    title: dict[str, str]
    text: dict[str, str]
    example: Any
    default: Any = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    least: int = 0
    most: int = 0
    member_may_change: bool = False
    msi: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """All keys, in the order they are documented."""

    category: dict[str, str]
    keys: tuple[Key, ...]


def read(packaging: Path) -> Schema:
    """The schema that is checked in.

    Raises:
        BuilderError: An entry is not complete.
    """
    raw = tomllib.loads((packaging / "policy" / "schema.toml").read_text("utf-8"))
    return Schema(raw["category"], tuple(_key(entry) for entry in raw["key"]))


def _key(entry: dict[str, Any]) -> Key:
    name, kind = entry["name"], entry["type"]
    if kind not in KINDS or any(language not in entry for language in LANGUAGES):
        raise BuilderError(f"policy schema: {name} is not complete")
    return Key(
        name=name,
        kind=kind,
        title={language: entry[language]["title"] for language in LANGUAGES},
        text={language: entry[language]["text"] for language in LANGUAGES},
        example=entry["example"],
        default=entry.get("default"),
        choices=tuple(entry.get("choices", ())),
        pattern=entry.get("pattern", ""),
        least=entry.get("least", 0),
        most=entry.get("most", 0),
        member_may_change=entry.get("member_may_change", False),
        msi=entry.get("msi", ""),
    )
