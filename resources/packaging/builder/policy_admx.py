# SPDX-License-Identifier: AGPL-3.0-or-later
"""Group Policy templates: one ADMX and an ADML per language.

Source: Microsoft, "Group Policy ADMX Syntax Reference Guide" (policyDefinitions schema 1.0). A list is a
``multiText`` element (``REG_MULTI_SZ``), a switch the numbers 1 and 0.
"""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from resources.packaging.builder.policy_schema import LANGUAGES, Key, Schema

REGISTRY_KEY: Final = r"Software\Policies\e-Cabinet\Client"
NAMESPACE: Final = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
_TARGET: Final = "ECabinet.Policies.Client"
_SUPPORTED: Final = "SUPPORTED_Client"
_LONGEST_TEXT: Final = 500


def admx(schema: Schema) -> bytes:
    """The definitions."""
    root = _root("policyDefinitions", revision="1.0")
    spaces = ET.SubElement(root, "policyNamespaces")
    ET.SubElement(spaces, "target", prefix="ecabinet", namespace=_TARGET)
    ET.SubElement(spaces, "using", prefix="windows", namespace="Microsoft.Policies.Windows")
    ET.SubElement(root, "resources", minRequiredRevision="1.0")
    supported = ET.SubElement(ET.SubElement(root, "supportedOn"), "definitions")
    ET.SubElement(supported, "definition", name=_SUPPORTED, displayName=f"$(string.{_SUPPORTED})")
    categories = ET.SubElement(root, "categories")
    ET.SubElement(categories, "category", name="ECabinet", displayName="$(string.ECabinet)")
    policies = ET.SubElement(root, "policies")
    for key in schema.keys:
        _policy(policies, key)
    return _bytes(root)


def _policy(parent: ET.Element, key: Key) -> None:
    attributes = {
        "name": key.name,
        "class": "Machine",
        "displayName": f"$(string.{key.name})",
        "explainText": f"$(string.{key.name}_Help)",
        "key": REGISTRY_KEY,
    }
    if key.kind == "bool":
        attributes["valueName"] = key.name
    else:
        attributes["presentation"] = f"$(presentation.{key.name})"
    policy = ET.SubElement(parent, "policy", attributes)
    ET.SubElement(policy, "parentCategory", ref="ECabinet")
    ET.SubElement(policy, "supportedOn", ref=_SUPPORTED)
    if key.kind == "bool":
        for name, number in (("enabledValue", "1"), ("disabledValue", "0")):
            ET.SubElement(ET.SubElement(policy, name), "decimal", value=number)
        return
    _element(ET.SubElement(policy, "elements"), key)


def _element(elements: ET.Element, key: Key) -> None:
    common = {"id": key.name, "valueName": key.name, "required": "true"}
    if key.kind == "int":
        ET.SubElement(elements, "decimal", common, minValue=str(key.least), maxValue=str(key.most))
    elif key.kind == "choice":
        enum = ET.SubElement(elements, "enum", common)
        for choice in key.choices:
            item = ET.SubElement(enum, "item", displayName=f"$(string.{key.name}_{choice})")
            ET.SubElement(ET.SubElement(item, "value"), "string").text = choice
    elif key.kind == "list":
        ET.SubElement(elements, "multiText", common, maxStrings=str(key.most))
    else:
        ET.SubElement(elements, "text", common, maxLength=str(_LONGEST_TEXT))


def adml(schema: Schema, language: str) -> bytes:
    """The texts in ``language`` (``vi`` or ``en``)."""
    root = _root("policyDefinitionResources", revision="1.0")
    ET.SubElement(root, "displayName").text = schema.category[language]
    ET.SubElement(root, "description").text = schema.category[language]
    resources = ET.SubElement(root, "resources")
    strings = ET.SubElement(resources, "stringTable")
    supported = {"vi": "e-Cabinet trên Windows 10 1809 trở lên", "en": "e-Cabinet on Windows 10 1809 or newer"}
    _string(strings, _SUPPORTED, supported[language])
    _string(strings, "ECabinet", schema.category[language])
    presentations = ET.SubElement(resources, "presentationTable")
    for key in schema.keys:
        _string(strings, key.name, key.title[language])
        _string(strings, f"{key.name}_Help", key.text[language])
        for choice in key.choices:
            _string(strings, f"{key.name}_{choice}", choice)
        if key.kind != "bool":
            _presentation(presentations, key, language)
    return _bytes(root)


def _presentation(parent: ET.Element, key: Key, language: str) -> None:
    box = ET.SubElement(parent, "presentation", id=key.name)
    title = key.title[language]
    if key.kind == "int":
        default = str(key.default if key.default is not None else key.example)
        ET.SubElement(box, "decimalTextBox", refId=key.name, defaultValue=default).text = title
    elif key.kind == "choice":
        ET.SubElement(box, "dropdownList", refId=key.name, noSort="true", defaultItem="0").text = title
    elif key.kind == "list":
        ET.SubElement(box, "multiTextBox", refId=key.name).text = title
    else:
        ET.SubElement(ET.SubElement(box, "textBox", refId=key.name), "label").text = title


def _string(table: ET.Element, ident: str, text: str) -> None:
    ET.SubElement(table, "string", id=ident).text = text


def _root(tag: str, *, revision: str) -> ET.Element:
    return ET.Element(tag, {"xmlns": NAMESPACE, "revision": revision, "schemaVersion": "1.0"})


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.replace("\n", "\r\n").encode()


def files(schema: Schema) -> dict[str, bytes]:
    """Path below ``PolicyDefinitions`` to content."""
    texts = {f"{tag}/ecabinet.adml": adml(schema, language) for language, tag in LANGUAGES.items()}
    return {"ecabinet.admx": admx(schema)} | texts
