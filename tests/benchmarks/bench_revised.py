# SPDX-License-Identifier: AGPL-3.0-or-later
"""A paper of 300 pages with 500 notes is replaced: how long the notes take, and how many go to the right place.

Against reading and comparing both texts with ``difflib`` on the lines, the plainest way to see what changed. The
truth is known because the revisions are generated (``tests/helpers/revisions.py``). Prints JSON.
"""

from __future__ import annotations

import difflib
import json
import platform
import random
import statistics
import sys
import time
from collections import Counter
from itertools import groupby

from client.domain.ids import AnnotationId
from client.viewer.anchors import place_notes
from client.viewer.compare import compare
from client.viewer.page_words import Document, pack_words, unpack_words
from tests.helpers.revisions import NEW, Layout, Paper, Source, lay_out, make_notes, revise, verdict

PAGES, NOTES, ROUNDS = 300, 500, 3


def main(pages: int = PAGES, notes: int = NOTES, rounds: int = ROUNDS) -> None:
    """Run and print."""
    ours, peers, verdicts = [], [], Counter[str]()
    lost = 0
    for seed in range(rounds):
        rng = random.Random(seed)
        source = Source(rng)
        text = source.text(pages * 5 // 4)  # the generator's pages hold fewer words than it plans for
        old = lay_out(text, Layout())
        new = lay_out(revise(source, text, changes=pages // 3), rng.choice((Layout(), Layout(size=13, margin=50))))
        known = make_notes(old, rng, notes)
        packed = [[pack_words(words) for words in paper.pages] for paper in (old, new)]
        start = time.perf_counter()
        before, after = (
            Document([unpack_words(words) for words in stored], paper.sizes)
            for stored, paper in zip(packed, (old, new), strict=True)
        )
        pairs = compare(before, after).pairs
        found = place_notes([one.note for one in known], before, after, pairs, plain=NEW, new_id=_keep)
        ours.append(time.perf_counter() - start)
        lost += len(known) - len(found)
        verdicts += Counter(verdict(one, placed, new) for one, placed in zip(known, found, strict=True))
        start = time.perf_counter()
        list(difflib.unified_diff(_lines(old), _lines(new), n=0))
        peers.append(time.perf_counter() - start)
    right = verdicts["right"] + verdicts["rightly asked"]
    print(
        json.dumps(
            {
                "machine": platform.machine(),
                "python": platform.python_version(),
                "pages": len(old.pages),
                "notes": notes,
                "rounds": rounds,
                "seconds": {"median": round(statistics.median(ours), 3), "max": round(max(ours), 3)},
                "times_line_diff": round(statistics.median(ours) / statistics.median(peers), 2),
                "right_percent": round(100 * right / verdicts.total(), 2),
                "wrong_percent": round(100 * verdicts["wrong"] / verdicts.total(), 2),
                "asked_needlessly_percent": round(100 * verdicts["asked"] / verdicts.total(), 2),
                "lost": lost,
            },
            indent=1,
        )
    )


def _keep(source: AnnotationId, _part: int) -> AnnotationId:
    return source


def _lines(paper: Paper) -> list[str]:
    return [
        " ".join(word.text for word in line)
        for page in paper.pages
        for _, line in groupby(page, key=lambda word: (word.block, word.line))
    ]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
