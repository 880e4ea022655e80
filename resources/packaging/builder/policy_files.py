# SPDX-License-Identifier: AGPL-3.0-or-later
"""The policy's other forms: JSON Schema, example file, macOS configuration profile, page for IT staff."""

from __future__ import annotations

import json
import plistlib
import uuid
from pathlib import Path
from typing import Any, Final

from resources.packaging.builder import policy_admx
from resources.packaging.builder.policy_schema import LANGUAGES, Key, Schema
from resources.packaging.builder.release import PRODUCT

BUNDLE_ID: Final = "vn.ecabinet.Client"
_NAMESPACE: Final = uuid.UUID("6f0c3a52-6f0a-5d5e-9a53-0f4c7d0e7a11")
VERSION_PATTERN: Final = r"^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,5}$"
URL_PATTERN: Final = r"^https?://[^\s]+$"


def stable_uuid(name: str) -> str:
    """The same identifier for the same name in every release."""
    return str(uuid.uuid5(_NAMESPACE, name)).upper()


def json_schema(schema: Schema) -> bytes:
    """JSON Schema (2020-12) of ``policies.json`` and ``defaults.json``."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{PRODUCT} machine policy",
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _property(key) for key in schema.keys},
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _property(key: Key) -> dict[str, Any]:
    described: dict[str, Any] = {"title": key.title["en"], "description": f"{key.text['en']} / {key.text['vi']}"}
    if key.default is not None:
        described["default"] = key.default
    items = {"type": "string", "pattern": key.pattern}
    shapes: dict[str, dict[str, Any]] = {
        "bool": {"type": "boolean"},
        "int": {"type": "integer", "minimum": key.least, "maximum": key.most},
        "choice": {"enum": list(key.choices)},
        "list": {"type": "array", "items": items, "minItems": key.least, "maxItems": key.most},
        "url": {"type": "string", "pattern": URL_PATTERN, "maxLength": 300},
        "version": {"type": "string", "pattern": VERSION_PATTERN},
        "path": {"type": "string", "minLength": 1, "maxLength": 500},
    }
    return shapes[key.kind] | described


def example(schema: Schema) -> bytes:
    """A whole ``policies.json`` to start from."""
    values = {key.name: key.example for key in schema.keys}
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode()


def mobileconfig(schema: Schema) -> bytes:
    """A configuration profile for MDM with the example's values; every identifier is stable."""
    payload = {
        "PayloadType": BUNDLE_ID,
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{BUNDLE_ID}.policy.settings",
        "PayloadUUID": stable_uuid("mobileconfig settings"),
        "PayloadEnabled": True,
        "PayloadDisplayName": PRODUCT,
    } | {key.name: key.example for key in schema.keys}
    profile = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{BUNDLE_ID}.policy",
        "PayloadUUID": stable_uuid("mobileconfig"),
        "PayloadDisplayName": f"{PRODUCT}: machine policy",
        "PayloadScope": "System",
        "PayloadRemovalDisallowed": True,
        "PayloadContent": [payload],
    }
    return plistlib.dumps(profile, sort_keys=True)


_HEAD: Final = {
    "vi": ("Khóa", "Nghĩa", "Giá trị", "Mặc định", "MSI"),
    "en": ("Key", "Meaning", "Values", "Built in", "MSI"),
}
_INTRO: Final = {
    "vi": (
        "## Tiếng Việt\n\n"
        "Thứ tự ưu tiên: bắt buộc > mặc định của máy > người dùng > có sẵn. Chính sách hỏng thì chương trình không "
        "khởi động, không bao giờ tự nới lỏng. Khóa có dấu \\* chỉ là gợi ý khi nằm ở mặc định của máy."
    ),
    "en": (
        "## English\n\n"
        "First wins: enforced > machine default > member > built in. A policy that cannot be used stops the start; it "
        "is never replaced by weaker rules. Keys with \\* only suggest when they are machine defaults."
    ),
}
_PLACES: Final = """# Chính sách của máy / Machine policy

Made by `build_installer.py policy` from `resources/packaging/policy/schema.toml`; do not edit.

| | Bắt buộc / enforced | Mặc định của máy / machine default |
|---|---|---|
| Windows | `HKLM\\Software\\Policies\\e-Cabinet\\Client` (ADMX) | `HKLM\\Software\\e-Cabinet\\Client\\Install` (MSI) |
| Linux | `/etc/ecabinet/policies.json` | `/etc/xdg/ecabinet/defaults.json` |
| macOS | `/Library/Managed Preferences/{id}.plist` (MDM) | `/Library/Preferences/{id}.plist` |

Tệp và thư mục chứa nó phải thuộc root và chỉ root ghi được.
The file and its folder must belong to root and be writable by root only.
`ecabinet --self-test` cho biết giá trị nào được đặt và từ đâu / says which values are set and from where.
""".replace("{id}", BUNDLE_ID)


def page(schema: Schema) -> bytes:
    """``docs/policy.md``, Vietnamese first."""
    parts = [_PLACES]
    for language in LANGUAGES:
        rows = [_row(key, language) for key in schema.keys]
        head = "| " + " | ".join(_HEAD[language]) + " |\n|---|---|---|---|---|"
        parts.append("\n".join([_INTRO[language], "", head, *rows]) + "\n")
    return "\n".join(parts).encode()


def _row(key: Key, language: str) -> str:
    values = {
        "bool": "true, false",
        "int": f"{key.least}–{key.most}",
        "choice": ", ".join(key.choices),
        "list": f"{key.least}–{key.most} × `sha256/…`",
        "url": "http(s)://…",
        "path": "tệp / file",
        "version": "1.2.3",
    }[key.kind]
    star = "\\*" if key.member_may_change else ""
    default = "–" if key.default is None else json.dumps(key.default).strip('"')
    msi = f"`{key.msi}`" if key.msi else "–"
    return f"| `{key.name}`{star} | **{key.title[language]}.** {key.text[language]} | {values} | {default} | {msi} |"


def files(schema: Schema) -> dict[str, bytes]:
    """Every form, by its path in the policy bundle."""
    admx = {f"PolicyDefinitions/{name}": data for name, data in policy_admx.files(schema).items()}
    return admx | {
        "policies.schema.json": json_schema(schema),
        "policies.example.json": example(schema),
        "ecabinet.mobileconfig": mobileconfig(schema),
        "policy.md": page(schema),
    }


def write(schema: Schema, folder: Path) -> list[Path]:
    """Write the policy bundle."""
    written = []
    for name, data in files(schema).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written.append(path)
    return written
