# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real ends of the process at the commit points that need more than a member's everyday: a second tablet, a recall,
an act that goes by hand, downloads that are held.

Those of a wipe are in ``test_wipe.py``, those of an older tablet put back in ``test_put_back.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from client.errors import BadInput
from client.store import papers, received
from client.sync import crashpoints
from tests.helpers.lab import Lab, Trial
from tests.helpers.member import Member

NOTES = ("notes.waiting", "notes.sent", "notes.taken")
ELSEWHERE = (*crashpoints.WIPE, "witness.noted", "witness.put_back")
SHARED = ("shared.waiting", "shared.sent", "shared.taken", "shared.acknowledged")
HERE = (*NOTES, *SHARED, "pack.recalled", "carried.claimed", "downloads.held")


def killed(trial: Trial, point: str, *commands: tuple[str, dict[str, object]]) -> None:
    """Unlock, do the commands, die over the last one."""
    process = trial.process(crash_at=point)
    process.do("unlock")
    *before, (last, arguments) = commands
    for name, given in before:
        process.do(name, **given)
    with pytest.raises(ProcessLookupError):
        process.do(last, **arguments)
    process.kill()


def another_tablet(trial: Trial, who: str = "m_017") -> Member:
    """Another tablet, of the same member or another, enrolled as every tablet is."""
    other = Member(trial.folder / "other")
    trial._members.append(other)
    ticket = trial.desk.open_ticket(who).ticket
    asked = other.enrol(trial.weather.url, trial.lab.root, ticket)
    trial.desk.approve(asked["device"], asked["digits"])
    other.unlock()
    assert other.sync()["error"] is None
    return other


@pytest.mark.parametrize("point", NOTES)
def test_killed_over_notes(lab: Lab, tmp_path: Path, point: str) -> None:
    with lab.trial(tmp_path) as trial:
        other, paper = another_tablet(trial), trial.lab.paper
        here = trial.member()
        assert here.sync()["error"] is None, "hears of the other tablet"
        trial.diary.drew(paper, here.annotate(paper))
        here.close()
        there = other.annotate(paper)
        assert other.sync()["error"] is None
        killed(trial, point, ("sync", {}))
        here = trial.member()
        assert trial.breaches(here) == []
        for tablet in (here, other, here):
            assert tablet.sync()["error"] is None
        assert sorted(here.annotations(paper)) == sorted(other.annotations(paper))
        assert there in here.annotations(paper)
        assert len(here.annotations(paper)) == 2
        assert trial.breaches(here) == []


@pytest.mark.parametrize("point", SHARED)
def test_killed_over_what_is_shared(lab: Lab, tmp_path: Path, point: str) -> None:
    with lab.trial(tmp_path) as trial:
        other, paper = another_tablet(trial, "m_018"), trial.lab.paper
        here = trial.member()
        assert here.sync()["error"] is None, "hears of the other member's tablet"
        mine = here.annotate(paper)
        here.share(mine, "m_018")
        here.close()
        theirs = other.annotate(paper)
        other.share(theirs, "m_017")
        assert other.sync()["error"] is None
        killed(trial, point, ("sync", {}))
        here = trial.member()
        for tablet in (here, other, here):
            assert tablet.sync()["error"] is None
        assert (had(here), had(other)) == ([theirs], [mine]), "each once"
        assert trial.breaches(here) == []


def had(tablet: Member) -> list[str]:
    """What a member received."""
    return [str(one.body.id) for one in tablet.core.record.read(received.all_live).result()]


def test_killed_over_a_recall(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        gone, rest = tablet.paper(lab.paper)[1], [p for p in tablet.packs()[0]["papers"] if p != lab.paper]
        blob = gone.blob
        assert blob is not None
        tablet.close()
        trial.desk.recall(lab.pack, lab.paper)
        killed(trial, "pack.recalled", ("sync", {}))
        tablet = trial.member()
        assert not tablet.core.papers.read(lambda conn: papers.is_present(conn, blob)).result(), "bytes go first"
        assert tablet.sync()["error"] is None
        shown = tablet.paper(lab.paper)[1]
        assert (shown.recalled is not None, shown.key) == (True, None)
        readable = [name for name in rest if tablet.paper(name)[1].can_open]
        assert readable
        assert all(tablet.open_paper(name)["pages"] for name in readable)
        assert trial.breaches(tablet) == []


def test_killed_over_an_act_by_hand(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        n = trial.vote(tablet)
        tablet.close()
        killed(trial, "carried.claimed", ("hand_out", {"n": n}))
        tablet = trial.member()
        assert trial.breaches(tablet) == []
        with pytest.raises(BadInput):
            tablet.core.acts.withdraw(n).result()
        assert tablet.hand_out(n) > 0
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["counted"]
        assert trial.breaches(tablet, settled=True) == []
        assert trial.closing_breaches(tablet) == []


def test_killed_over_a_choice(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        killed(trial, "downloads.held", ("hold", {"pack": lab.pack, "held": True}))
        tablet = trial.member()
        assert tablet.core.engine.downloads.held() == {lab.pack}
        trial.vote(tablet)
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["counted"], "what is held are papers, never acts"
        tablet.hold(lab.pack, held=False)
        assert tablet.core.engine.downloads.held() == frozenset()
        assert trial.breaches(tablet, settled=True) == []


def test_every_rare_point_ends_a_process_somewhere() -> None:
    assert set(HERE) | set(ELSEWHERE) == set(crashpoints.RARE)
