# SPDX-License-Identifier: AGPL-3.0-or-later
"""The last look of a paper lives and dies with its bytes, and only the newest few are kept."""

from __future__ import annotations

from client.domain.ids import Hash
from client.store import last_views, papers
from client.store.connection import Connection
from tests.unit.store.samples import named
from tests.unit.store.test_papers import fetch


def present(conn: Connection, number: int) -> tuple[Hash, Hash]:
    content, blob = b"%PDF" + bytes([number]) * 40, named(f"sealed {number}")
    plain = fetch(conn, content, blob)
    assert papers.finish(conn, blob, plain, len(content))[0]
    return blob, plain


def test_it_goes_with_the_paper(papers_db: Connection) -> None:
    blob, plain = present(papers_db, 1)
    assert last_views.of_paper(papers_db, plain) is None
    assert last_views.keep(papers_db, plain, b"first")[0]
    assert last_views.keep(papers_db, plain, b"second")[0]
    assert last_views.of_paper(papers_db, plain) == b"second"
    papers.forget(papers_db, blob)
    assert last_views.of_paper(papers_db, plain) is None
    assert papers_db.execute("SELECT count(*) FROM last_views").fetchone() == (0,)
    assert not last_views.keep(papers_db, plain, b"late")[0], "taken back while the page was being packed"


def test_only_the_newest_and_only_what_is_small_enough(papers_db: Connection) -> None:
    known = [present(papers_db, number)[1] for number in range(last_views.KEPT + 2)]
    for plain in known:
        assert last_views.keep(papers_db, plain, b"view")[0]
    last_views.keep(papers_db, known[2], b"again")
    last_views.keep(papers_db, known[0], b"back")
    kept = {plain for plain in known if last_views.of_paper(papers_db, plain) is not None}
    assert kept == {known[0], known[2], *known[4:]}
    assert last_views.keep(papers_db, known[0], bytes(last_views.MAX_BYTES))[0]
    assert not last_views.keep(papers_db, known[0], bytes(last_views.MAX_BYTES + 1))[0]
