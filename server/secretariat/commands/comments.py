# SPDX-License-Identifier: AGPL-3.0-or-later
"""What members commented, and the drafting agency's answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from client.domain.bulletin import AnswerWords
from server.secretariat import show_comments
from server.secretariat.commands.options import DESK, Ca, DeskOption, DryRun, Json, Lang, PassFile, Server
from server.secretariat.console import Options, read_text, run

MAX_ANSWER = 96 * 1024
"""Bytes of an answer's file."""


def comments(
    *,
    after: Annotated[int, typer.Option("--after", min=0, help="Chỉ góp ý sau vị trí này / only later ones.")] = 0,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
) -> None:
    """Đọc góp ý của thành viên, đã trả lời hay chưa / read members' comments, answered or not."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(options, lambda opened: opened.read_comments(after=after), lambda talk: show_comments.talk(talk, options))


def answer(
    *,
    comment: Annotated[str, typer.Argument(help="Mã góp ý, hoặc phần đầu / a comment's id or its beginning.")],
    agency: Annotated[str, typer.Option("--agency", help="Cơ quan soạn thảo trả lời / the agency that answers.")],
    person: Annotated[str, typer.Option("--by", help="Họ tên, chức vụ người trả lời / who speaks for it.")] = "",
    text: Annotated[str, typer.Option("--text", help="Nội dung trả lời / the answer.")] = "",
    file: Annotated[Path | None, typer.Option("--file", help="Tệp văn bản UTF-8 / a text file.")] = None,
    without_question: Annotated[
        bool, typer.Option("--without-question", help="Không kèm nội dung góp ý / leave the comment's words out.")
    ] = False,
    named: Annotated[bool, typer.Option("--named", help="Nêu tên người góp ý / say who asked.")] = False,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Gửi trả lời góp ý của cơ quan soạn thảo / answer a comment; all members of the pack see it."""
    options = Options(desk, json, lang, passphrase_file, server, ca)
    run(
        options,
        lambda opened: opened.answer_comment(
            comment,
            AnswerWords(text if file is None else read_text(file, MAX_ANSWER), agency, person),
            quoting=not without_question,
            named=named,
            dry_run=dry_run,
        ),
        lambda made: show_comments.answered(made, options),
    )
