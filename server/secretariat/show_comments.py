# SPDX-License-Identifier: AGPL-3.0-or-later
"""Comments and answers as lines for people. Pure text; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from server.secretariat.bulletins import Answered, Talk
from server.secretariat.comments import ReadComment
from server.secretariat.console import Options
from server.secretariat.show import local


def talk(read: Talk, options: Options) -> Iterator[str]:
    """Comments, one after the other, each with where it stands."""
    for comment in read.comments:
        yield f"{comment.comment or '-'}  {local(comment.made)}  {comment.name or comment.member or '-'}"
        yield from _comment(comment, options)
        found = None if comment.comment is None else read.answers.get(comment.comment)
        if found is not None:
            yield from _answer(found, options)
        elif not comment.problem:
            yield "  " + options.say("chưa trả lời", "not answered")
    yield options.say(
        f"{len(read.comments)} góp ý, {read.waiting} chưa trả lời; lần sau: --after {read.next}",
        f"{len(read.comments)} comments, {read.waiting} not answered; next: --after {read.next}",
    )


def answered(made: Answered, options: Options) -> Iterator[str]:
    """What members will read."""
    words = made.words
    if words is not None and words.question:
        yield f"  {options.say('Góp ý', 'Comment')}: {words.question}"
    yield from _answer(made, options)
    if made.dry_run:
        yield options.say("Chạy thử: chưa gửi gì.", "Dry run: nothing was sent.")


def _comment(comment: ReadComment, options: Options) -> Iterator[str]:
    place = [part for part in (comment.item, comment.paper) if part]
    if comment.page is not None:
        place.append(options.say(f"trang {comment.page}", f"page {comment.page}"))
    if place:
        yield f"  {' · '.join(place)}"
    if comment.quote:
        yield f"  “{comment.quote}”"
    yield f"  {comment.text}" if not comment.problem else f"  ! {comment.problem}"


def _answer(found: Answered, options: Options) -> Iterator[str]:
    done = options.say("đã trả lời", "answered") + f" {local(found.at)}"
    if found.version > 1:
        done += options.say(f", lần {found.version}", f", version {found.version}")
    if found.words is None:
        yield f"  {done}"
        return
    yield f"  {done} · {found.words.agency}{', ' + found.words.person if found.words.person else ''}:"
    yield f"    {found.words.text}"
