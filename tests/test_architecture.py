# SPDX-License-Identifier: AGPL-3.0-or-later
"""The architecture is a test: who may import whom, one home per library, sizes, licence lines.

Change the tables below together with ``docs/architecture.md`` and, for a new direction, an ADR.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(
    path for top in ("client", "server") for path in (ROOT / top).rglob("*.py") if "__pycache__" not in path.parts
)

# The longest prefix that matches a module decides what of the project it may import.
PURE = ("client.errors", "client.clock")
EVERYONE = (*PURE, "client.durable")
OPEN = (*EVERYONE, "client.paths", "client.logs")
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "client.errors": (),
    "client.clock": (),
    "client.durable": (),
    "client.resources": EVERYONE,
    "client.paths": EVERYONE,
    "client.logs": (*EVERYONE, "client.paths"),
    "client.crash": (*EVERYONE, "client.logs"),
    "client.watch": EVERYONE,
    "client.settings": (*OPEN, "client.domain"),
    "client.policy": (*OPEN, "client.domain"),
    "client.policy_places": (*OPEN, "client.policy"),
    "client.updates": (
        *OPEN,
        "client.build_info",
        "client.crypto",
        "client.domain",
        "client.policy",
        "client.resources",
        "client.sync.releases",
    ),
    "client.build_info": ("client.resources",),
    "client.links": EVERYONE,
    "client.domain": ("client.domain", *PURE),
    "client.protocol": ("client.protocol", "client.domain", *PURE),
    "client.crypto": ("client.crypto", *OPEN),
    "client.keys": ("client.keys", "client.crypto", *OPEN),
    "client.store": ("client.store", "client.domain", "client.crypto", *OPEN),
    "client.sync": ("client.sync", "client.domain", "client.protocol", "client.crypto", "client.store", *OPEN),
    "client.sync.planner": ("client.domain", "client.sync.actions", *PURE),
    "client.sync.conflict": ("client.domain", *PURE),
    "client.sync.schedule": ("client.domain", *PURE),
    "client.viewer": ("client.viewer", "client.domain", *OPEN),
    "client.viewer.worker": ("client.viewer.messages", "client.viewer.worker", "client.errors"),
    "client.ui": (
        "client.ui",
        "client.domain",
        "client.store",
        "client.sync.engine",
        "client.sync.events",
        "client.sync.acts",
        "client.sync.enrolment",
        "client.protocol.carried",
        "client.viewer",
        "client.keys",
        "client.diagnostics",
        "client.resources",
        "client.settings",
        "client.policy",
        "client.build_info",
        *OPEN,
    ),
    "client.profile": (*OPEN, "client.domain", "client.protocol"),
    "client.surroundings": (
        *OPEN,
        "client.policy",
        "client.crypto.kdf",
        "client.crypto.random",
        "client.keys",
        "client.viewer",
    ),
    "client.practice": ("client",),
    "client.core": ("client",),
    "client.diagnostics": (*OPEN, "client.crash", "client.domain", "client.policy", "client.store", "client.sync"),
    "client.enrol": ("client",),
    "client.carry": ("client",),
    "client.indexer": ("client",),
    "client.travel": ("client.store", "client.domain", "client.viewer", *EVERYONE),
    "client.wipe": ("client",),
    "client.entry": ("client",),
    "client.front": ("client",),
    "client.ahead": (*OPEN, "client.build_info", "client.surroundings", "client.ui.warm", "client.viewer"),
    "client.opening": ("client",),
    "client.body_door": ("client",),
    "client.bodies": (*OPEN, "client.domain", "client.glance"),
    "client.glance": ("client.errors",),
    "client.notices": ("client",),
    "client.left_behind": (*OPEN, "client.domain", "client.protocol", "client.keys"),
    "client.launch": ("client",),
    "client.app": ("client",),
    "client.tour": ("client",),
    "client.tour_reader": ("client",),
    "client.cli": ("client",),
    "client.demo": ("client", "server"),
    "client.selftest": ("client",),
    "client.selftest_machine": ("client",),
    "client.__main__": ("client",),
    "client": (),
    "server": ("server", "client.domain", "client.protocol", "client.crypto", *EVERYONE),
    "server.documents": ("server.documents", "client.domain", "client.resources", *EVERYONE),
    "server.secretariat.inspect": ("server", "client.resources", *EVERYONE),
    "server.demo": ("server", "client.domain", "client.protocol", "client.crypto", "client.resources", *EVERYONE),
}
NEVER = {
    "client.ui": ("client.store.connection", "client.sync.transport", "client.viewer.worker"),
    "client.viewer": ("client.viewer.worker",),
}
HOMES: dict[str, tuple[str, ...]] = {
    "PySide6": (
        "client.ui",
        "client.viewer.view",
        "client.app",
        "client.body_door",
        "client.front",
        "client.launch",
        "client.tour",
        "client.tour_reader",
        "client.practice.window",
        "client.practice.door",
    ),
    "sqlcipher3": ("client.store.connection",),
    "httpcore": ("client.sync.transport",),
    "httpx": ("client.sync.transport", "server.secretariat.transport"),
    "segno": ("client.ui.widgets.qr", "server.secretariat.codes"),
    "truststore": ("client.sync.transport", "client.sync.pins", "server.secretariat.transport"),
    "pymupdf": (
        "client.viewer.worker.render",
        "client.viewer.worker.export",
        "server.secretariat.inspect",
        "server.demo",
        "server.documents.writer",
    ),
    "icalendar": ("client.ui.models.calendar_file",),
    "keyring": ("client.keys.keyring_store",),
    "cryptography": ("client.crypto",),
    "securesystemslib": ("client.crypto",),
    "tuf": ("client.crypto.metadata",),
    "http_message_signatures": ("client.crypto.request",),
    "platformdirs": ("client.paths",),
    "py_landlock": ("client.viewer.worker.sandbox",),
    "pyseccomp": ("client.viewer.worker.sandbox",),
    "litestar": ("server",),
    "sqlalchemy": ("server.storage",),
    "alembic": ("server.storage",),
    "uvicorn": ("server",),
    "typer": ("server",),
    "pkcs11": ("server.secretariat.token",),
    "pyhanko": ("server.documents.seal",),
    "pyhanko_certvalidator": ("server.documents.seal",),
}
LONGEST_FUNCTION = 50
LONGEST_MODULE = 400
LONGER_ON_PURPOSE = {
    "client.errors": 600,  # the whole error tree on one page is the point of it
}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """Absolute names of all modules that ``path`` imports, early or late."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            base = node.module or ""
            found.add(base)
            for alias in node.names:
                inner = ROOT / Path(*base.split("."), alias.name)
                if inner.with_suffix(".py").exists() or (inner / "__init__.py").exists():
                    found.add(f"{base}.{alias.name}")
    return found


def within(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def longest_match(name: str, table: dict[str, tuple[str, ...]]) -> str | None:
    matches = [key for key in table if within(name, (key,))]
    return max(matches, key=len) if matches else None


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_follow_the_table(path: Path) -> None:
    name = module_name(path)
    rule = longest_match(name, MAY_IMPORT)
    assert rule is not None, f"{name} has no row in MAY_IMPORT"
    allowed = MAY_IMPORT[rule]
    forbidden = [other for key, others in NEVER.items() if within(name, (key,)) for other in others]
    for target in imports(path):
        if not within(target, ("client", "server")) or target in {"client", "server"}:
            continue
        # Naming a package on the way to an allowed module is not using it.
        on_the_way = any(entry.startswith(target + ".") for entry in allowed)
        assert on_the_way or within(target, allowed), f"{name} may not import {target}"
        inside = within(name, ("client.viewer.worker",)) and within(target, ("client.viewer.worker",))
        assert inside or not within(target, tuple(forbidden)), f"{name} must never import {target}"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_each_library_has_one_home(path: Path) -> None:
    name = module_name(path)
    for target in imports(path):
        homes = HOMES.get(target.split(".")[0])
        assert homes is None or within(name, homes), f"{name} imports {target}; its home is {homes}"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_sizes(path: Path) -> None:
    text = path.read_text("utf-8")
    limit = LONGER_ON_PURPOSE.get(module_name(path), LONGEST_MODULE)
    assert len(text.splitlines()) <= limit, "split the module or justify it in LONGER_ON_PURPOSE"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            doc = ast.get_docstring(node, clean=False) or ""
            assert length - len(doc.splitlines()) <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize(
    "path", [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))], ids=lambda p: str(p.relative_to(ROOT))
)
def test_licence_line(path: Path) -> None:
    if path.stat().st_size:
        assert path.read_text("utf-8").startswith("# SPDX-License-Identifier: AGPL-3.0-or-later\n")


def test_every_module_says_what_it_decides() -> None:
    silent = [
        module_name(p) for p in MODULES if p.stat().st_size and not ast.get_docstring(ast.parse(p.read_text("utf-8")))
    ]
    assert not silent


def test_the_top_level_is_fixed() -> None:
    allowed = {
        *("client", "server", "resources", "tests", "docs", "build_installer.py", "pyproject.toml", "Makefile"),
        *("README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "uv.lock"),
    }
    built = {"dist", "build", "demo-output"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - allowed - built == set()
