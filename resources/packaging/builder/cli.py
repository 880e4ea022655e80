# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line of ``build_installer.py``.

Exit status: 0 fine; 1 a check failed or the channel refuses; 2 the command line is wrong; 3 a tool is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from resources.packaging.builder import commands_build as building
from resources.packaging.builder import commands_release as releasing
from resources.packaging.builder import release as releases
from resources.packaging.builder.errors import BuilderError, MissingTool
from resources.packaging.builder.release import CHANNELS, Release

ROOT: Final = Path(__file__).resolve().parents[3]
EXIT_FAILED: Final = 1
EXIT_MISSING: Final = 3
TIMELESS: Final = ("doctor", "lock", "policy", "verify", "smoke")
"""Commands that put no time into anything: they work in an unpacked source archive too."""


def parser() -> argparse.ArgumentParser:
    """Arguments of ``build_installer.py``."""
    top = argparse.ArgumentParser(prog="build_installer.py", description="Installers of the e-Cabinet client.")
    top.add_argument("--channel", choices=CHANNELS, default="test", help="production refuses shortcuts")
    top.add_argument("--dist", type=Path, help="where everything goes (default: dist/)")
    top.add_argument("--version", help="another version than the project's; channel test only")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _preparing(commands)
    building.commands(commands)
    releasing.commands(commands)
    return top


def _preparing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from resources.packaging.builder.doctor import STEPS
    from resources.packaging.builder.lock import PLATFORMS

    doctor = commands.add_parser("doctor", help="which outside programs are here, which are missing")
    doctor.add_argument("--step", action="append", choices=sorted(STEPS), default=[], help="only what these steps need")
    doctor.add_argument("--require", action="store_true", help="fail when anything is missing")
    doctor.add_argument("--json", action="store_true", help="print JSON")
    doctor.set_defaults(run=_doctor)
    lock = commands.add_parser("lock", help="write the lists of wheels anew; needs a package index")
    lock.add_argument("--target", choices=sorted(PLATFORMS), action="append", help="default: all")
    lock.set_defaults(run=_lock)
    policy = commands.add_parser("policy", help="the policy as ADMX/ADML, JSON Schema, profile and page")
    policy.add_argument("--docs", action="store_true", help="also refresh docs/policy.md")
    policy.set_defaults(run=_policy)


def main(argv: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    options = parser().parse_args(argv)
    os.umask(0o022)
    try:
        timeless = options.command in TIMELESS
        release = releases.read(ROOT, options.channel, dist=options.dist, version=options.version, timeless=timeless)
        status: int = options.run(options, release)
    except MissingTool as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_MISSING
    except BuilderError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_FAILED
    return status


def _doctor(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import doctor

    found = doctor.look(release.root, options.step)
    if options.json:
        print(json.dumps([asdict(one) for one in found], indent=2))
    else:
        for one in found:
            print(f"{one.state:8} {one.command:28} {one.version:14} {', '.join(one.steps):28} {one.advice}".rstrip())
    return EXIT_MISSING if options.require and doctor.failed(found) else 0


def _lock(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import lock

    for target in options.target or sorted(lock.PLATFORMS):
        print(lock.make(release.root, target))
    return 0


def _policy(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import policy_files, policy_schema

    schema = policy_schema.read(release.packaging)
    for path in policy_files.write(schema, release.target("policy")):
        print(path)
    if options.docs:
        (release.root / "docs" / "policy.md").write_bytes(policy_files.page(schema))
    return 0
