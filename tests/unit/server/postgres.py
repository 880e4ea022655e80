# SPDX-License-Identifier: AGPL-3.0-or-later
"""A throw-away PostgreSQL cluster on a Unix socket, from Debian's package ``postgresql``."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from pathlib import Path

import psycopg

_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
USER = "postgres"


def _binary(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join([*map(str, _PLACES), os.environ.get("PATH", "")]))


def missing() -> str:
    """Why there can be no cluster here; empty when there can."""
    if os.name != "posix":
        return "PostgreSQL tests use Unix sockets"
    if _binary("initdb") is None or _binary("pg_ctl") is None:
        return "Debian package `postgresql` is not installed (initdb, pg_ctl)"
    return ""


class Cluster:
    """One cluster in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = (f"t{number}" for number in itertools.count())
        # PostgreSQL refuses to run as root; the package brings a user for it.
        self._as = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}

    def start(self) -> None:
        if self._as:
            shutil.chown(self._folder, USER, USER)
        data = self._folder / "data"
        self._run("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        options = f"-k {self._folder} -c listen_addresses=''"
        self._run("pg_ctl", "-D", data, "-w", "-l", self._folder / "log", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "fast", "-w", "stop")

    def new_database(self) -> str:
        """An empty database's SQLAlchemy URL."""
        name = next(self._names)
        with psycopg.connect(f"host={self._folder} user={USER} dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://{USER}@/{name}?host={self._folder}"

    def _run(self, name: str, *arguments: str | Path) -> None:
        command = [str(_binary(name)), *map(str, arguments)]
        subprocess.run(command, check=True, cwd=self._folder, stdout=subprocess.DEVNULL, **self._as)  # type: ignore[call-overload]
