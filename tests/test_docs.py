# SPDX-License-Identifier: AGPL-3.0-or-later
"""The documents stay true to the tree: what they name exists, and each decision has its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(page for page in (ROOT / "docs").rglob("*.md") if page.parent.name != "adr")])
"""Not the decisions: a page of the past keeps the names of its day."""
TOPS = ("client/", "server/", "tests/", "docs/", "resources/", "build_installer.py", "Makefile", "pyproject.toml")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def named_paths(text: str) -> set[str]:
    """Paths of this project in backticks; ``{a,b}`` and ``*`` stand for several."""
    found = set()
    for code in re.findall(r"`([^`\n]+)`", text):
        for word in code.split():
            cleaned = word.strip(",.;:()")
            if cleaned.startswith(TOPS) and not set(cleaned) & set("<>$…="):
                found |= spread(cleaned.split("::")[0])
    return found


def there(path: str) -> bool:
    """Whether anything in the tree answers to ``path``."""
    return any(ROOT.glob(path))


def spread(path: str) -> set[str]:
    """``a/{b,c}.py`` as ``a/b.py`` and ``a/c.py``."""
    match = re.search(r"\{([^}]*)\}", path)
    if match is None:
        return {path}
    return {one for part in match[1].split(",") for one in spread(path[: match.start()] + part + path[match.end() :])}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    missing = {path for path in named_paths(text) if not (there(path.rstrip("/")) or there(f"{path}.py"))}
    assert missing == set()
    for target in LINK.findall(text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target


def test_decisions_are_numbered_without_gaps_and_say_what_is_given_up() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text("utf-8")
        assert text.startswith(f"# {page.name[:4]} "), page.name
        assert "**Decision.**" in text, page.name


def test_every_library_of_the_program_has_a_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    pinned = re.findall(r'^    "([A-Za-z0-9_.-]+)(?:\[[a-z0-9,]+\])?>=', project, re.MULTILINE)
    libraries = {name.lower() for name in pinned if name != "hatchling"}
    assert len(libraries) > 20
    assert {name for name in libraries if name.removesuffix("-essentials") not in reasons} == set()
