# SPDX-License-Identifier: AGPL-3.0-or-later
"""Qt Linguist files: collect the strings of the code, compare them with the catalogue, compile it.

``python -m tests.helpers.ts_files`` adds new strings to ``en.ts`` as unfinished, drops those gone, compiles.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TS = ROOT / "resources" / "i18n" / "en.ts"
QM = TS.with_suffix(".qm")
STOCK = TS.with_name("qt_vi.ts")
"""Qt's own buttons, menus and file dialog in Vietnamese; kept by hand."""
CONTEXT = "ecabinet"


@dataclass(frozen=True, order=True)
class Message:
    source: str
    meaning: str = ""


def in_code() -> set[Message]:
    """Every ``tr("...")`` of the windows; a call whose text is not a literal is an error."""
    found: set[Message] = set()
    for path in sorted((ROOT / "client" / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Attribute) and node.func.attr == "tr":
                raise ValueError(f"{path}:{node.lineno}: use tr() of client.ui.i18n, not a method")
            if isinstance(node.func, ast.Name) and node.func.id == "tr":
                texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
                if not all(isinstance(text, str) for text in texts):
                    raise ValueError(f"{path}:{node.lineno}: tr() needs a literal")
                found.add(Message(*map(str, texts)))
    return found


def read(path: Path = TS) -> dict[Message, str]:
    """Translations; empty where unfinished."""
    if not path.exists():
        return {}
    found = {}
    for message in ET.parse(path).getroot().iter("message"):
        translation = message.find("translation")
        assert translation is not None
        done = translation.get("type") is None
        key = Message(message.findtext("source", ""), message.findtext("comment", ""))
        found[key] = (translation.text or "") if done else ""
    return found


def write(messages: dict[Message, str], path: Path = TS) -> None:
    root = ET.Element("TS", version="2.1", language="en_GB", sourcelanguage="vi_VN")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for key in sorted(messages):
        node = ET.SubElement(context, "message")
        ET.SubElement(node, "source").text = key.source
        if key.meaning:
            ET.SubElement(node, "comment").text = key.meaning
        if messages[key]:
            ET.SubElement(node, "translation").text = messages[key]
        else:
            ET.SubElement(node, "translation", type="unfinished")
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', "utf-8")


def compile_to(target: Path, source: Path = TS) -> None:
    tool = Path(sys.executable).parent / "pyside6-lrelease"
    subprocess.run([str(tool), "-silent", str(source), "-qm", str(target)], check=True, capture_output=True)


def update() -> list[str]:
    """Bring ``en.ts`` and ``en.qm`` up to date; the strings still to translate."""
    known = read()
    messages = {message: known.get(message, "") for message in in_code()}
    write(messages)
    compile_to(QM)
    compile_to(STOCK.with_suffix(".qm"), STOCK)
    return sorted(message.source for message, text in messages.items() if not text)


if __name__ == "__main__":
    for text in update():
        print(text)
