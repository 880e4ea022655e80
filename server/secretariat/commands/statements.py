# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts that members hand over as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from server.secretariat import show_carried
from server.secretariat.commands.options import DESK, Ca, DeskOption, DryRun, Json, Lang, PassFile, Server
from server.secretariat.console import Options, run

statements: Final = typer.Typer(no_args_is_help=True, help="Phiếu, góp ý nhận bằng tay / acts handed over as files.")


@statements.command("take")
def take(
    *,
    files: Annotated[list[Path], typer.Argument(help="Tệp .ecab, hoặc tệp chữ gồm các mã đã quét / files.")],
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Nhận phiếu trao tay, ghi biên nhận cạnh tệp / hand acts in, write receipts beside them."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.take_statements(files, dry_run=dry_run),
        lambda report: show_carried.taken(report, options),
        online=not dry_run,
    )
