# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ecabinet-server``: the service's command line.

``init`` makes the data folder and prints the receipt key's public half for the registrar; ``serve`` runs;
``health`` asks a running one. Plain HTTP is served to this machine only, unless a proxy in front does TLS and
the operator says so. Exit codes: 0 ok, 2 bad input, 3 service, 4 untrusted, 5 machine.
"""

from __future__ import annotations

import json
import logging
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from client.clock import SystemClock
from client.crypto.random import system_random
from client.errors import (
    BadInput,
    EcabinetError,
    EnvironmentFault,
    ServiceError,
    Unreachable,
    Untrusted,
    UserError,
)
from client.protocol import codec
from client.protocol.http import PATH_HEALTH, Health
from server import config
from server.config import ServiceConfig

if TYPE_CHECKING:
    from server.backup import BackupReport

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
HEALTH_TIMEOUT_S: Final = 10
_EXITS: Final[tuple[tuple[type[EcabinetError], int], ...]] = (
    (UserError, 2),
    (ServiceError, 3),
    (Untrusted, 4),
    (EnvironmentFault, 5),
)

cli = typer.Typer(name="ecabinet-server", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Data = Annotated[Path, typer.Option(help="Data folder: database, blobs, receipt key.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@cli.command()
def init(data: Data, as_json: AsJson = False) -> None:
    """Make the data folder and receipt key; print the public half for the registrar."""
    with _reported(as_json):
        role = config.prepare_data(data)
        _say({"id": role.id, "sign": role.sign}, role.sign, as_json=as_json)


@cli.command()
def serve(  # noqa: PLR0917  # typer makes options of them
    data: Data,
    root: Annotated[Path, typer.Option(help="The root file the secretariat exported.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8443,
    database_url: Annotated[str, typer.Option(help="SQLAlchemy URL; SQLite in the data folder by default.")] = "",
    tls_cert: Annotated[Path | None, typer.Option(help="PEM certificate chain.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="PEM private key.")] = None,
    public_url: Annotated[list[str] | None, typer.Option(help="Origin clients use; repeat for several.")] = None,
    behind_proxy: Annotated[bool, typer.Option(help="A proxy on the way does TLS.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run the service until it is interrupted."""
    from server.app import create_app
    from server.runner import Runner, listen

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with _reported(as_json):
        if (tls_cert is None) != (tls_key is None):
            raise BadInput("--tls-cert and --tls-key go together")
        if host not in LOOPBACK and tls_cert is None and not behind_proxy:
            raise BadInput("--host: plain HTTP beyond this machine needs --tls-cert or --behind-proxy")
        settings = ServiceConfig(
            database_url=database_url or config.sqlite_url(data),
            blob_folder=data / config.BLOB_FOLDER,
            root=config.load_root(root),
            receipt_key=config.load_receipt_key(data),
            rng=system_random,
            public_urls=tuple(public_url or ()),
        )
        try:
            listener = listen(host, port)
        except OSError as error:
            raise EnvironmentFault(f"cannot listen on {host} port {port}: {error.strerror}") from error
        shown = f"[{host}]" if ":" in host else host
        url = f"{'https' if tls_cert else 'http'}://{shown}:{listener.getsockname()[1]}"
        app = create_app(settings)
        runner = Runner(
            app, started=lambda: _say({"url": url}, url, as_json=as_json), tls_cert=tls_cert, tls_key=tls_key
        )
        runner.run(sockets=[listener])
        if not runner.started:
            raise EnvironmentFault("the service did not start; the log says why")


@cli.command("backup")
def backup_command(
    data: Data, out: Annotated[Path, typer.Argument(help="New folder for the backup.")], as_json: AsJson = False
) -> None:
    """Back up the service's data while it runs; the backup is checked before it counts."""
    from server import backup

    with _reported(as_json):
        _tell_backup(backup.make(data, out, now=SystemClock().now()), as_json=as_json)


@cli.command("restore")
def restore_command(
    folder: Annotated[Path, typer.Argument(help="A backup.")], data: Data, as_json: AsJson = False
) -> None:
    """Check a backup and put it into an empty data folder; receipts stay valid."""
    from server import backup

    with _reported(as_json):
        _tell_backup(backup.restore(folder, data), as_json=as_json)


def _tell_backup(report: BackupReport, *, as_json: bool) -> None:
    record = {"made": report.made, "head": str(report.index), "statements": str(report.statements)}
    line = f"{report.made}: {report.statements} statements, {report.blobs} blobs, audit chain to {report.index}"
    _say(record, line, as_json=as_json)


@cli.command()
def health(
    url: Annotated[str, typer.Argument(help="Base URL of a running service.")] = "http://127.0.0.1:8443",
    as_json: AsJson = False,
) -> None:
    """Ask a running service how it is."""
    with _reported(as_json):
        if not url.startswith(("http://", "https://")):
            raise BadInput("URL: http or https")
        try:
            with urllib.request.urlopen(url.rstrip("/") + PATH_HEALTH, timeout=HEALTH_TIMEOUT_S) as reply:  # noqa: S310  # scheme checked above
                found = codec.decode(reply.read(codec.MAX_SMALL), Health, limit=codec.MAX_SMALL)
        except (urllib.error.URLError, TimeoutError) as error:
            raise Unreachable(type(error).__name__) from error
        _say({"service": found.service, "version": found.version}, f"{found.service} {found.version}", as_json=as_json)


@contextmanager
def _reported(as_json: bool) -> Iterator[None]:
    """Turn our errors into a sentence and an exit code."""
    try:
        yield
    except EcabinetError as error:
        code = next((number for kind, number in _EXITS if isinstance(error, kind)), 1)
        if as_json:
            print(json.dumps({"error": error.code, "detail": error.detail}))
        else:
            typer.echo(f"{error.title.vi} / {error.title.en}: {error.detail}", err=True)
        raise typer.Exit(code) from error


def _say(record: dict[str, str], line: str, *, as_json: bool) -> None:
    print(json.dumps(record) if as_json else line, flush=True)


def main() -> None:
    """Entry point of ``ecabinet-server``."""
    cli()


if __name__ == "__main__":
    main()
