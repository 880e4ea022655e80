# SPDX-License-Identifier: AGPL-3.0-or-later
"""The member's program is killed at each named commit point; nothing shown is lost, nothing is counted twice.

One scripted history reaches every point. A point it does not reach fails its test, so that the list of points and
the history cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.sync import crashpoints
from tests.helpers.lab import Lab, Trial
from tests.helpers.world import MemberProcess

NEEDS_FIRST_SYNC = ("trust.", "pack.", "paper.", "session.", "poll.")
DRAWN = ("paper.chunk", "paper.finished", "pack.ready", "act.queued", "closing.saved")
"""Points after which a page is also drawn; that the papers' bytes verify is looked at after every point."""
REPAIRED = {
    "act.copied": {"discarded": (1,)},
    "act.committed": {"finished": (1,)},
    "act.checkpointed": {"finished": (1,)},
    "act.read_back": {"finished": (1,)},
}
"""What recovery has to do after a kill; nothing anywhere else."""
COMMENT = "Đề nghị làm rõ nguồn lực (dữ liệu giả định)"
NOTE = {"q1": "Chưa đủ cơ sở (dữ liệu giả định)"}


def history(trial: Trial, tablet: MemberProcess) -> Iterator[str]:
    """Everything a member does, noting only what was answered; names each step once it was."""
    poll, paper, diary = trial.lab.poll, trial.lab.paper, trial.diary

    def looked(step: str) -> str:
        diary.saw(tablet.do("status"))
        return step

    def synced(step: str) -> str:
        assert tablet.do("sync")["error"] is None
        return looked(step)

    tablet.do("unlock")
    yield synced("first look")
    diary.drew(paper, tablet.do("annotate", wanted=paper))
    diary.told(tablet.do("vote", poll=poll, answers={"q1": "yes"}))
    yield looked("vote")
    diary.told(tablet.do("comment", wanted=paper, text=COMMENT))
    yield looked("comment")
    yield synced("both sent")
    diary.told(tablet.do("vote", poll=poll, answers={"q1": "no"}, notes=NOTE))
    yield looked("second vote")
    yield synced("second vote sent")
    trial.desk.close_poll(poll)
    yield synced("closed")


def killed_at(trial: Trial, point: str) -> str:
    """Run the history until the process kills itself; the last step that was answered.

    Raises:
        AssertionError: The history ended alive.
    """
    tablet, last = trial.process(crash_at=point), "start"
    try:
        for step in history(trial, tablet):
            last = step
    except ProcessLookupError:
        tablet.kill()
        return last
    raise AssertionError(f"the history never reaches {point}, last step: {last}")


@pytest.mark.parametrize("point", crashpoints.USUAL)
def test_killed(lab: Lab, tmp_path: Path, point: str) -> None:
    fresh = point.startswith(NEEDS_FIRST_SYNC)
    with lab.trial(tmp_path, synced=not fresh) as trial:
        where = f"{point} after {killed_at(trial, point)}"
        tablet = trial.member()
        assert {name: found for name, found in trial.recovery.items() if found} == REPAIRED.get(point, {}), where
        trial.diary.saw(tablet.status())
        assert trial.breaches(tablet) == [], where
        assert tablet.sync()["error"] is None
        trial.says(tablet)
        if not any(item["kind"] == "vote" for item in tablet.status()["outbox"]):
            trial.vote(tablet)  # the member was never told that it was saved, and does it again
            assert tablet.sync()["error"] is None
        trial.says(tablet)
        assert trial.breaches(tablet, settled=True) == [], where
        assert trial.closing_breaches(tablet) == [], where
        if point in DRAWN:
            assert tablet.open_paper(lab.paper)["ink"] > 2


def test_every_point_is_there() -> None:
    assert len(set(crashpoints.NAMES)) == len(crashpoints.NAMES) >= 20
