# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several papers on their way at once, their results taken in the order of the plan.

While one paper's bytes are opened and committed, the next ones are asked for already: on a line with a long way the
pause between two papers would otherwise be most of the time. Memory stays bounded by the committer, which all of
them share.

Rules:
1. With one stream everything happens on the engine's thread, one paper after the other: the same service gives the
   same requests in the same order.
2. After a failure nothing new is begun until the engine has seen it and decided whether the look goes on.
3. One blob is fetched once at a time, whichever packs name it.
4. Something urgent waits half a second for the papers to step aside; a line that stalls longer is cut.
5. ``drop`` ends every fetch and returns when none runs any more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from enum import Enum
from typing import Final

from client.errors import EcabinetError
from client.sync.actions import Action, FetchPaper, ReadyPack
from client.sync.means import Brake, Stopped

STREAMS: Final = 3
"""Papers at once in the program."""
GRACE_S: Final = 0.5


class Outcome(Enum):
    """How an action ended."""

    DONE = "done"
    NOT_YET = "not_yet"
    """Nothing failed, but there was nothing to do yet."""
    STEPPED_ASIDE = "stepped_aside"
    """To be taken up again in the same look."""


class Leash(Brake):
    """The look's brake, and one of its own on top."""

    def __init__(self, brake: Brake) -> None:
        super().__init__()
        self._look = brake

    def check(self) -> None:
        """Return only while neither was pulled."""
        self._look.check()
        super().check()

    @property
    def urgent(self) -> bool:
        """Whether something waits that must not wait behind a download."""
        return self._look.urgent


class Fetchers:
    """Used by the engine's thread alone.

    Args:
        fetch: Fetches one paper; checks the brake it is given.
        brake: The look's.
        cut: Ends what is in flight on the wire.
        streams: Papers at once.
    """

    def __init__(
        self, fetch: Callable[[FetchPaper, Brake], Outcome], brake: Brake, cut: Callable[[], None], streams: int
    ) -> None:
        self._fetch, self._brake, self._cut, self._streams = fetch, brake, cut, streams
        self._lock = threading.Lock()  # guards what follows
        self._plan: list[FetchPaper] = []
        self._runs: dict[FetchPaper, Future[Outcome]] = {}
        self._working = 0
        self._leash = Leash(brake)

    def ahead(self, actions: Iterable[Action]) -> None:
        """What comes next; begins as much of it as may run at once."""
        if self._streams == 1:
            return
        plan: list[FetchPaper] = []
        for action in actions:
            if isinstance(action, FetchPaper):
                plan.append(action)
            elif not isinstance(action, ReadyPack):
                break
        with self._lock:
            self._plan = [each for each in plan if each not in self._runs]
            while not self._failed() and self._begin(self._plan) is not None:
                pass

    def take(self, action: FetchPaper) -> Outcome:
        """How a paper ended; waits for it.

        Raises:
            EcabinetError: It did not work.
            Stopped: The brake was pulled.
        """
        if self._streams == 1:
            return self._fetch(action, self._brake)
        while True:
            self._brake.check()
            with self._lock:
                run = self._runs.get(action) or self._begin([action])
                running = [each for each in self._runs.values() if not each.done()]
            if run is not None:
                self._wait([run])
                with self._lock:
                    del self._runs[action]
                return run.result()
            if self._brake.urgent:
                return Outcome.STEPPED_ASIDE
            self._wait(running)  # its blob is being fetched for another pack, or every stream is busy

    def drop(self) -> None:
        """End every fetch, keep what was committed, forget the rest of the plan."""
        with self._lock:
            self._plan = []
            running = [each for each in self._runs.values() if not each.done()]
        if running:
            self._leash.pull()
            for run in running:
                self._wait([run])
            self._leash.release()
        with self._lock:
            self._runs.clear()

    def _wait(self, runs: list[Future[Outcome]]) -> None:
        """Until one of them is done; rule 4."""
        patience = False
        while not wait_for(runs, GRACE_S, "FIRST_COMPLETED").done:
            over = self._brake.urgent or self._brake.pulled or self._leash.pulled
            if over and patience:
                self._cut()
            patience = over

    def _failed(self) -> bool:
        """Whether something went wrong that the engine has not seen; under the lock."""
        return any(run.done() and run.exception() is not None for run in self._runs.values())

    def _begin(self, plan: Sequence[FetchPaper]) -> Future[Outcome] | None:
        """Begin the first of ``plan`` that may be, on a thread of its own; under the lock."""
        if self._working >= self._streams or (claimed := self._claim(plan)) is None:
            return None
        self._working += 1
        threading.Thread(target=self._work, args=claimed, name="fetch", daemon=True).start()
        return claimed[1]

    def _claim(self, plan: Sequence[FetchPaper]) -> tuple[FetchPaper, Future[Outcome]] | None:
        if self._leash.pulled or self._brake.pulled or self._brake.urgent:
            return None
        busy = {action.blob for action, run in self._runs.items() if not run.done()}
        action = next((each for each in plan if each.blob not in busy), None)
        if action is None:
            return None
        if action in self._plan:
            self._plan.remove(action)
        run = self._runs[action] = Future()
        return action, run

    def _work(self, action: FetchPaper, run: Future[Outcome]) -> None:
        """One paper after the other, until nothing may be begun."""
        claimed: tuple[FetchPaper, Future[Outcome]] | None = (action, run)
        while claimed is not None:
            action, run = claimed
            outcome, error = self._try(action)
            with self._lock:
                if error is not None:
                    run.set_exception(error)
                else:
                    run.set_result(outcome)
                claimed = None if self._failed() else self._claim(self._plan)
                self._working -= claimed is None

    def _try(self, action: FetchPaper) -> tuple[Outcome, Exception | None]:
        try:
            return self._fetch(action, self._leash), None
        except Exception as error:  # noqa: BLE001 - the thread's boundary: whoever takes the result gets it
            ours = (self._leash.pulled or self._brake.urgent) and not self._brake.pulled  # the cut was our own
            if ours and isinstance(error, EcabinetError | Stopped):
                return Outcome.STEPPED_ASIDE, None
            return Outcome.STEPPED_ASIDE, error
