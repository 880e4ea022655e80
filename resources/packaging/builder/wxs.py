# SPDX-License-Identifier: AGPL-3.0-or-later
"""The MSI's source (WiX 3 language as ``wixl`` understands it) from a folder of files.

Every identifier is made from the file's place in the installation, so that the same file is the same component in every
release: that is what Windows Installer's upgrades rest on. Test builds are another product with their own codes.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from resources.packaging.builder import tree
from resources.packaging.builder.policy_schema import Schema
from resources.packaging.builder.release import NAME, PUBLISHER, Release

INSTALL_KEY: Final = r"Software\e-Cabinet\Client\Install"
SCHEME_KEY: Final = r"Software\Classes\ecabinet"
_SPACE: Final = uuid.UUID("0e5d4b34-1c6b-5a0f-8a77-5f1e1a4c9d20")
_WIX: Final = "http://schemas.microsoft.com/wix/2006/wi"
_SAFE: Final = re.compile(r"[^A-Za-z0-9_.]")


_AFTER_SEARCH: Final = 60
"""Sequence number: after AppSearch (50), before LaunchConditions (100) and everything that removes or writes."""
SOURCES: Final = "tree"
CABINET: Final = "ecabinet.cab"
"""Where the files lie, beside the source."""


def guid(name: str) -> str:
    """The same code for the same name, for ever."""
    return "{" + str(uuid.uuid5(_SPACE, name)).upper() + "}"


def upgrade_code(release: Release) -> str:
    """Names the product through all its versions; a test build never replaces a production one."""
    return guid(f"upgrade {release.channel}")


def product_code(release: Release) -> str:
    """Names this version."""
    return guid(f"product {release.channel} {release.version}")


def ident(kind: str, name: str) -> str:
    """A legal identifier: readable, and unique by a piece of hash."""
    short = hashlib.sha256(name.encode()).hexdigest()[:10]
    return f"{kind}_{_SAFE.sub('_', name)[-40:]}_{short}"


def document(release: Release, folder: Path, schema: Schema) -> bytes:
    """The source for the files in ``folder``, which must be found as ``tree`` beside it, as must ``ecabinet.ico``."""
    root = ET.Element("Wix", xmlns=_WIX)
    product = ET.SubElement(
        root,
        "Product",
        Id=product_code(release),
        Name=release.product,
        Language="1033",
        Version=release.version,
        Manufacturer=PUBLISHER,
        UpgradeCode=upgrade_code(release),
    )
    package = {"InstallerVersion": "500", "Compressed": "yes", "InstallScope": "perMachine"}
    ET.SubElement(product, "Package", package, Description=release.product, Manufacturer=PUBLISHER)
    refused = f"A newer version of {release.product} is installed; its store cannot be opened by this one."
    ET.SubElement(product, "MajorUpgrade", DowngradeErrorMessage=refused)
    ET.SubElement(product, "Media", Id="1", Cabinet=CABINET, EmbedCab="yes")
    ET.SubElement(product, "Icon", Id="ecabinet.ico", SourceFile="ecabinet.ico")
    ET.SubElement(product, "Property", Id="ARPPRODUCTICON", Value="ecabinet.ico")
    ET.SubElement(product, "Property", Id="ARPNOMODIFY", Value="1")
    properties = [key.msi for key in schema.keys if key.msi]
    names = {key.msi: key.name for key in schema.keys if key.msi}
    _remembered(product, properties, names)
    components = _tree(product, release, folder)
    components += _entries(product, release, names)
    feature = ET.SubElement(product, "Feature", Id="Client", Title=release.product, Level="1")
    for component in components:
        ET.SubElement(feature, "ComponentRef", Id=component)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _remembered(product: ET.Element, properties: list[str], names: dict[str, str]) -> None:
    """What an earlier installation was given holds on, unless this one is given something else."""
    for name in properties:
        found = ET.SubElement(product, "Property", Id=f"REMEMBERED_{name}")
        search = {"Root": "HKLM", "Key": INSTALL_KEY, "Name": names[name], "Type": "raw", "Win64": "yes"}
        ET.SubElement(found, "RegistrySearch", search, Id=f"Search_{name}")
        ET.SubElement(product, "CustomAction", Id=f"Set_{name}", Property=name, Value=f"[REMEMBERED_{name}]")
    sequence = ET.SubElement(product, "InstallExecuteSequence")
    number = _AFTER_SEARCH  # one after the other: all must be set before anything is removed
    for name in properties:
        step = ET.SubElement(sequence, "Custom", Action=f"Set_{name}", Sequence=str(number))
        step.text = f"REMEMBERED_{name} AND NOT {name}"
        number += 1


def _tree(product: ET.Element, release: Release, folder: Path) -> list[str]:
    top = ET.SubElement(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    programs = ET.SubElement(top, "Directory", Id="ProgramFiles64Folder")
    install = ET.SubElement(programs, "Directory", Id="INSTALLDIR", Name=release.product)
    ET.SubElement(top, "Directory", Id="ProgramMenuFolder")
    folders = {Path(): install}
    components = []
    for path in tree.files(folder):
        name = path.relative_to(folder)
        parent = _directory(folders, name.parent)
        component = ident("c", name.as_posix())
        element = ET.SubElement(
            parent, "Component", Id=component, Guid=guid(f"{release.channel} {name.as_posix()}"), Win64="yes"
        )
        file = ET.SubElement(
            element,
            "File",
            Id=ident("f", name.as_posix()),
            Name=name.name,
            Source=f"{SOURCES}/{name.as_posix()}",
            KeyPath="yes",
        )
        if name.as_posix() == f"{NAME}.exe":
            ET.SubElement(
                file,
                "Shortcut",
                Id="Menu",
                Directory="ProgramMenuFolder",
                Name=release.product,
                Icon="ecabinet.ico",
                Advertise="yes",
            )
        components.append(component)
    return components


def _directory(folders: dict[Path, ET.Element], name: Path) -> ET.Element:
    if name not in folders:
        parent = _directory(folders, name.parent)
        folders[name] = ET.SubElement(parent, "Directory", Id=ident("d", name.as_posix()), Name=name.name)
    return folders[name]


def _entries(product: ET.Element, release: Release, names: dict[str, str]) -> list[str]:
    """Registry: machine defaults, one component each, and the URL scheme."""
    install = product.find(".//Directory[@Id='INSTALLDIR']")
    assert install is not None
    made = []
    for prop, name in names.items():
        component = f"r_{name}"
        element = ET.SubElement(
            install, "Component", Id=component, Guid=guid(f"{release.channel} default {name}"), Win64="yes"
        )
        value = {"Root": "HKLM", "Key": INSTALL_KEY, "Name": name, "Type": "string", "Value": f"[{prop}]"}
        ET.SubElement(element, "RegistryValue", value, KeyPath="yes")
        made.append(component)
    element = ET.SubElement(install, "Component", Id="r_scheme", Guid=guid(f"{release.channel} scheme"), Win64="yes")
    command = f'"[INSTALLDIR]{NAME}.exe" "%1"'
    rows = (
        ({"Key": SCHEME_KEY, "Value": f"URL:{release.product}", "KeyPath": "yes"}),
        ({"Key": SCHEME_KEY, "Name": "URL Protocol", "Value": ""}),
        ({"Key": rf"{SCHEME_KEY}\shell\open\command", "Value": command}),
    )
    for row in rows:
        ET.SubElement(element, "RegistryValue", {"Root": "HKLM", "Type": "string"} | row)
    return [*made, "r_scheme"]
