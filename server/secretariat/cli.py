# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line ``ecabinet-secretariat``: joins the commands, nothing decided here.

Every command takes ``--json`` and ``--lang``; those that change what members see take ``--dry-run``. To add one, write
a function in ``server/secretariat/commands/`` and name it here.
"""

from __future__ import annotations

from typing import Final

import typer

from server.secretariat.commands import comments, desk, keys, members, office, packs, polls, sessions, statements

app: Final = typer.Typer(
    name="ecabinet-secretariat",
    help="Công cụ của Thư ký: chuẩn bị, niêm phong, phát hành tài liệu và chạy phiếu.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _command in (
    desk.init,
    members.ticket,
    packs.text,
    packs.publish,
    packs.replace,
    packs.recall,
    polls.results,
    comments.comments,
    comments.answer,
    office.trial,
):
    app.command()(_command)
for _name, _group in (
    ("members", members.members),
    ("devices", members.devices),
    ("poll", polls.poll),
    ("statements", statements.statements),
    ("session", sessions.session),
    ("ledger", office.ledger),
    ("root", desk.root),
    ("keys", keys.keys),
):
    app.add_typer(_group, name=_name)
