# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks a release set on arrival, with no network: every rule by itself, so that a report names all that is wrong.

A set counts only if the list of hashes is signed by somebody whom ``roots`` vouch for, every file is on the list
with its hash and nothing else is there, every installer that can carry a signature carries a good one, provenance
and bills of materials speak of these very bytes.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from resources.packaging.builder import authenticode, cms, dsse, manifest, provenance, tree
from resources.packaging.builder.errors import BuilderError, MissingTool, NotVerified
from resources.packaging.builder.manifest import PROVENANCE, SIGNER, SUMS, UNLISTED, UPDATES

MAX_SUMS: Final = 4 * 1024 * 1024
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([^\x00-\x1f\\]{1,300})")
AUTHENTICODE: Final = (".msi", ".exe")


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule and what became of it."""

    rule: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom to believe.

    Attributes:
        publisher: Name that the signer's certificate must carry; empty for any that ``roots`` vouch for.
        at: Seconds since 1970 to check for, if not now.
    """

    roots: Path
    tsa_roots: Path | None = None
    publisher: str = ""
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All findings about one folder."""

    folder: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether every rule holds."""
        return all(finding.ok for finding in self.findings)

    def as_json(self) -> str:
        """For machines."""
        document = {"ok": self.ok, "folder": self.folder, "findings": [asdict(one) for one in self.findings]}
        return json.dumps(document, ensure_ascii=False, indent=2)

    def as_text(self) -> str:
        """For people."""
        rows = [f"{'ok    ' if one.ok else 'FAILED'}  {one.rule}: {one.detail}" for one in self.findings]
        return "\n".join([*rows, "verified" if self.ok else "NOT VERIFIED: do not install anything from this folder"])


def verify(folder: Path, trust: Trust) -> Report:
    """Check the release set in ``folder``."""
    listed: dict[str, str] = {}
    stamped: dict[str, bool] = {}
    rules: list[tuple[str, Callable[[], str]]] = [
        ("signature of the list", lambda: _signature(folder, trust, stamped)),
        ("list of hashes", lambda: _listed(folder, listed)),
        ("files", lambda: _files(folder, listed)),
        ("signer", lambda: _signer(folder, trust)),
        ("provenance", lambda: _provenance(folder)),
        ("bills of materials", lambda: _bills(folder)),
    ]
    if (folder / UPDATES).exists():
        rules.append(("update metadata", lambda: _updates(folder)))
    installers = [path for path in tree.files(folder) if path.suffix in AUTHENTICODE and path.parent == folder]
    rules += [(f"Authenticode of {path.name}", functools.partial(_code, path, trust, stamped)) for path in installers]
    rules.append(("time stamps", lambda: _stamps(folder, stamped)))
    return Report(str(folder), tuple(_tried(rule, check) for rule, check in rules))


def _tried(rule: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(rule, True, check())
    except MissingTool:
        raise
    except BuilderError as error:
        return Finding(rule, False, str(error))


def _by(found: authenticode.Verified, trust: Trust) -> str:
    if trust.publisher and trust.publisher not in found.publisher:
        raise NotVerified(f"signed by {', '.join(found.publisher) or 'nobody named'}, not by {trust.publisher}")
    return f"{', '.join(dict.fromkeys(found.publisher))}{', time-stamped' if found.stamped else ', no time stamp'}"


def _signature(folder: Path, trust: Trust, stamped: dict[str, bool]) -> str:
    sums = folder / SUMS
    found = cms.verify(sums, sums.with_name(f"{SUMS}.p7s"), trust.roots, trust.tsa_roots, at=trust.at)
    stamped[SUMS] = found.stamped
    return _by(found, trust)


def _listed(folder: Path, listed: dict[str, str]) -> str:
    sums = folder / SUMS
    if not sums.is_file():
        raise NotVerified(f"{SUMS} is missing")
    if sums.stat().st_size > MAX_SUMS:
        raise NotVerified(f"{SUMS} is too long")
    for line in sums.read_text("utf-8", "replace").splitlines():
        match = _LINE.fullmatch(line)
        name = match.group(2) if match else ""
        if not match or name in listed or Path(name).is_absolute() or ".." in Path(name).parts:
            raise NotVerified(f"{SUMS}: a line that is no entry")
        listed[name] = match.group(1)
    return f"{len(listed)} files"


def _files(folder: Path, listed: dict[str, str]) -> str:
    here = {path.relative_to(folder).as_posix(): path for path in tree.files(folder)}
    links = sorted(name for name, path in here.items() if path.is_symlink())
    missing = sorted(set(listed) - set(here))
    extra = sorted(set(here) - set(listed) - set(UNLISTED))
    altered = sorted(n for n in set(listed) & set(here) if n not in links and tree.sha256(here[n]) != listed[n])
    wrong = {"missing": missing, "not on the list": extra, "altered": altered, "links": links}
    said = [f"{what}: {', '.join(names[:5])}" for what, names in wrong.items() if names]
    if said or not listed:
        raise NotVerified("; ".join(said) or "nothing is listed")
    return f"all {len(listed)} as listed"


def _signer(folder: Path, trust: Trust) -> str:
    """The certificate that provenance names must itself lead to the roots."""
    from resources.packaging.builder.tools import need, run

    chain = folder / SIGNER
    if not chain.is_file():
        raise NotVerified(f"{SIGNER} is missing")
    when = ["-attime", str(trust.at)] if trust.at is not None else ["-no_check_time"]
    words: list[str | Path] = [need("openssl"), "verify", "-purpose", "any", *when, "-CAfile", trust.roots]
    done = run([*words, "-untrusted", chain, chain], ok=(0, 2))
    if done.returncode:
        raise NotVerified(f"{SIGNER}: nobody in the given roots vouches for it")
    return dsse.key_id(chain)[:16]


def _statement(folder: Path) -> bytes:
    path = folder / PROVENANCE
    if not path.is_file() or path.stat().st_size > dsse.MAX_ENVELOPE or not (folder / SIGNER).is_file():
        raise NotVerified(f"{PROVENANCE} or {SIGNER} is missing")
    return dsse.opened(path.read_bytes(), folder / SIGNER)


def _provenance(folder: Path) -> str:
    payload = _statement(folder)
    origin = provenance.origin(payload)
    names = {p.name for patterns in manifest.INSTALLERS.values() for pattern in patterns for p in folder.glob(pattern)}
    provenance.check(payload, folder, names)
    return f"{len(names)} installers, version {origin.version}, channel {origin.channel}"


def _bills(folder: Path) -> str:
    bills = sorted(folder.glob("sbom-*.cdx.json"))
    named: set[str] = set()
    for bill in bills:
        try:
            document = json.loads(bill.read_bytes())
            entries = document["metadata"]["component"]["components"]
            silent = [one["name"] for one in document["components"] if not one["licenses"]]
            hashes = {one["name"]: one["hashes"][0]["content"] for one in entries}
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise NotVerified(f"{bill.name}: not a bill of materials") from error
        if silent:
            raise NotVerified(f"{bill.name}: no licence for {', '.join(silent[:5])}")
        for name, value in hashes.items():
            if not (folder / name).is_file() or tree.sha256(folder / name) != value:
                raise NotVerified(f"{bill.name}: speaks of another {name}")
        named |= set(hashes)
    if not bills:
        raise NotVerified("none")
    return f"{len(bills)} for {', '.join(sorted(named))}"


def _updates(folder: Path) -> str:
    """The newest of it must speak of these very installers; who signed it is for clients to check, by its root."""
    found = list((folder / UPDATES / "metadata").glob("*.targets.json"))
    try:
        newest = max(found, key=lambda path: int(path.name.split(".")[0]))
        listed = json.loads(newest.read_bytes())["signed"]["targets"]
        said = {name.rpartition("/")[2]: entry["hashes"]["sha256"] for name, entry in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotVerified("no targets that can be read") from error
    here = {p.name: p for patterns in manifest.INSTALLERS.values() for one in patterns for p in folder.glob(one)}
    wrong = sorted(n for n in set(said) | set(here) if n not in here or said.get(n) != tree.sha256(here[n]))
    if wrong or not said:
        raise NotVerified(f"speaks of other installers: {', '.join(wrong[:5])}")
    return f"{newest.name} for {', '.join(sorted(said))}"


def _code(path: Path, trust: Trust, stamped: dict[str, bool]) -> str:
    found = authenticode.verify(path, trust.roots, trust.tsa_roots, at=trust.at)
    stamped[path.name] = found.stamped
    return _by(found, trust)


def _stamps(folder: Path, stamped: dict[str, bool]) -> str:
    """Every signature of a production release outlives its certificate; a test build may do without."""
    channel = provenance.origin(_statement(folder)).channel
    without = sorted(name for name, has in stamped.items() if not has)
    if channel == "production" and (without or not stamped):
        raise NotVerified(
            f"a production release without a time stamp that the given authorities vouch for: {', '.join(without)}"
        )
    return f"on {len(stamped) - len(without)} of {len(stamped)} signatures, channel {channel}"
