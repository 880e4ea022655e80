# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which paper of the folder is which paper of the revision before. Pure, given randomness for new ids.

Rules:
1. A paper is recognised by its file name, else by its bytes, else by kind and title if only one has them.
2. Unchanged bytes keep version, blob, key and the time they were sent, whatever else was corrected about them.
3. Changed bytes are the next version, sent now. Bytes known from another paper of the pack are not sealed again.
4. An agenda item is recognised by its title, else by its place if the item that stood there is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs

from client.crypto.random import Random
from client.domain.ids import Hash, ItemId, Moment, PaperId
from client.domain.paper import PaperVersion
from client.protocol.messages import PackManifest
from server.secretariat import guess
from server.secretariat.desk_file import random_id
from server.secretariat.folder import FoundPaper
from server.secretariat.reports import Change, PaperReport


@dataclass(frozen=True, slots=True)
class MatchedPaper:
    """A paper of the folder with its next version; blob and key are missing while it ``needs_sealing``."""

    found: FoundPaper
    version: PaperVersion
    change: Change

    @property
    def needs_sealing(self) -> bool:
        """Whether its bytes have to be sealed and sent."""
        return self.found.path is not None and self.version.blob is None

    def report(self, starts: Moment | None) -> PaperReport:
        """The paper as the dry run shows it; ``starts`` decides lateness, None where it does not apply."""
        paper = self.version
        return PaperReport(
            file=self.found.file,
            title=paper.title,
            kind=paper.kind,
            number=paper.number,
            secrecy=paper.secrecy,
            change=self.change,
            version=paper.version,
            pages=paper.pages,
            size=paper.size,
            late=starts is not None and paper.is_late_for(starts),
        )


@dataclass(frozen=True, slots=True)
class Matched:
    """All papers in order, and those that are gone."""

    papers: tuple[MatchedPaper, ...]
    removed: tuple[PaperVersion, ...]


def papers(
    found: Sequence[FoundPaper],
    *,
    before: Sequence[PaperVersion],
    files: Mapping[PaperId, str],
    now: Moment,
    rng: Random,
) -> Matched:
    """Recognise the papers of a folder.

    Args:
        found: In the folder's order.
        before: Papers of the revision before.
        files: Which file each of those came from.
        now: When changed papers count as sent.
        rng: For new ids.
    """
    left = {paper.id: paper for paper in before}
    known: dict[int, PaperVersion] = {}
    for key, key_before in _passes(files):
        index: dict[object, list[PaperVersion]] = {}
        for paper in left.values():
            index.setdefault(key_before(paper), []).append(paper)
        for at, paper_found in enumerate(found):
            wanted = key(paper_found)
            same = [paper for paper in index.get(wanted, []) if paper.id in left] if wanted else []
            if at not in known and len(same) == 1:
                known[at] = left.pop(same[0].id)
    by_plain = {paper.plain: paper for paper in before if paper.plain is not None}
    matched = [_next(paper, known.get(at), by_plain, now, rng) for at, paper in enumerate(found)]
    return Matched(tuple(matched), tuple(left.values()))


def items(titles: Sequence[str], before: PackManifest | None, rng: Random) -> list[ItemId]:
    """Ids for agenda items, by rule 4."""
    known = list(before.session.agenda) if before else []
    folded = [guess.fold(title) for title in titles]
    by_title: dict[str, list[ItemId]] = {}
    for item in known:
        by_title.setdefault(guess.fold(item.title), []).append(item.id)
    idents: list[ItemId] = []
    for at, title in enumerate(folded):
        same = by_title.get(title)
        if same:
            idents.append(same.pop(0))
        elif at < len(known) and guess.fold(known[at].title) not in folded:
            idents.append(known[at].id)
        else:
            idents.append(ItemId(random_id("it", rng)))
    return idents


_Keys = tuple[Callable[[FoundPaper], object], Callable[[PaperVersion], object]]


def _passes(files: Mapping[PaperId, str]) -> tuple[_Keys, ...]:
    """Rule 1, strongest sign first; an empty sign matches nothing."""
    return (
        (lambda found: found.file, lambda paper: files.get(paper.id, "")),
        (lambda found: found.plain, lambda paper: paper.plain),
        (
            lambda found: (found.kind, guess.fold(found.title), found.path is None),
            lambda paper: (paper.kind, guess.fold(paper.title), paper.is_stub),
        ),
    )


def _next(
    found: FoundPaper,
    known: PaperVersion | None,
    by_plain: Mapping[Hash, PaperVersion],
    now: Moment,
    rng: Random,
) -> MatchedPaper:
    words = PaperVersion(
        id=known.id if known else PaperId(random_id("do", rng)),
        kind=found.kind,
        title=found.title,
        number=found.number,
        agency=found.agency,
        issued=found.issued.isoformat() if found.issued else None,
        urgency=found.urgency,
        secrecy=found.secrecy,
        copy_number=found.copy_number,
        policy=found.policy,
    )
    if words.is_stub or found.plain is None:
        stub = structs.replace(words, sent=known.sent if known and known.is_stub else now)
        return MatchedPaper(found, stub, Change.STUB)
    if known is not None and known.plain == found.plain:
        same = structs.replace(words, version=known.version, sent=known.sent)
        return MatchedPaper(found, _with_blob(same, known), Change.UNCHANGED)
    version = known.version + 1 if known and known.plain else 1
    fresh = structs.replace(words, version=version, sent=now, plain=found.plain, size=found.size, pages=found.pages)
    twin = by_plain.get(found.plain)
    change = Change.CHANGED if version > 1 else Change.NEW
    return MatchedPaper(found, _with_blob(fresh, twin) if twin else fresh, change)


def _with_blob(paper: PaperVersion, source: PaperVersion) -> PaperVersion:
    return structs.replace(
        paper,
        plain=source.plain,
        size=source.size,
        pages=source.pages,
        blob=source.blob,
        blob_size=source.blob_size,
        key=source.key,
    )
