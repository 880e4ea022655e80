# SPDX-License-Identifier: AGPL-3.0-or-later
"""A failure is kept without a word of what it was about, and the program comes back when it dies unasked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from client import crash, watch
from client.clock import Millis
from client.crash import CrashReports
from client.errors import PaperBroken

TITLE = "Tờ trình về biên chế (dữ liệu giả định)"


class Clock:
    """Moves only when told."""

    def __init__(self) -> None:
        self.ms = 1_790_000_000_000
        self.lived = 0.0

    def now(self) -> Millis:
        self.ms += 1
        return Millis(self.ms)

    def monotonic(self) -> float:
        return self.lived


@pytest.fixture
def reports(tmp_path: Path) -> Iterator[CrashReports]:
    made = CrashReports(tmp_path / "crash", Clock(), lambda: "0.0-test")
    yield made
    made.remove()


def fail() -> BaseException:
    try:
        try:
            raise ValueError(TITLE)  # noqa: TRY301 - a foreign library somewhere below
        except ValueError as inner:
            raise PaperBroken("do_0001") from inner
    except PaperBroken as error:
        return error


def test_a_report_names_places_and_kinds_and_nothing_else(reports: CrashReports) -> None:
    path = reports.write(fail(), "gui")
    assert path is not None
    text = path.read_text("utf-8")
    assert "ValueError" in text
    assert "test_crash.py" in text
    assert "paper.broken: do_0001" in text
    assert "0.0-test" in text
    assert TITLE not in text


@pytest.mark.expects_warnings("a failure that nobody caught is logged")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_failures_of_any_thread_are_kept_and_told(reports: CrashReports) -> None:
    told: list[bool] = []
    reports.on_failure = lambda: told.append(True)
    reports.install()

    def work() -> None:
        raise ValueError(TITLE)

    thread = threading.Thread(target=work, name="sync")
    thread.start()
    thread.join()
    error = fail()
    sys.excepthook(type(error), error, error.__traceback__)
    assert told == [True, True]
    assert sorted(path.read_text("utf-8").split("thread: ")[1].split("\n")[0] for path in reports.all()) == [
        "MainThread",
        "sync",
    ]


def test_old_reports_make_room(reports: CrashReports) -> None:
    for _ in range(crash.MAX_REPORTS + 3):
        assert reports.write(fail(), "gui") is not None
    assert len(reports.all()) == crash.MAX_REPORTS


def test_a_report_is_cut_at_its_limit(reports: CrashReports, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crash, "MAX_REPORT_BYTES", 40)
    path = reports.write(fail(), "gui")
    assert path is not None
    assert path.stat().st_size == 41


def test_a_full_disk_is_no_second_failure(tmp_path: Path) -> None:
    (tmp_path / "crash").write_text("a file where the folder should be")
    assert CrashReports(tmp_path / "crash", Clock(), lambda: "0").write(fail(), "gui") is None


def test_a_fault_below_python_is_kept_for_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "crash"
    dying = (
        "import ctypes, sys\n"
        "from pathlib import Path\n"
        "from client.clock import SystemClock\n"
        "from client.crash import CrashReports\n"
        "CrashReports(Path(sys.argv[1]), SystemClock(), lambda: '0').install()\n"
        "ctypes.string_at(0)\n"
    )
    ended = subprocess.run([sys.executable, "-c", dying, str(folder)], capture_output=True, check=False)
    assert ended.returncode < 0
    next_start = CrashReports(folder, Clock(), lambda: "0")
    try:
        next_start.install()
        [kept] = next_start.all()
        assert "Segmentation fault" in kept.read_text()
    finally:
        next_start.remove()


# -- the watching process -----------------------------------------------------------------------------------


def pipe_saying(*pieces: bytes) -> Iterator[int]:
    reading, writing = os.pipe()
    for piece in pieces:
        os.write(writing, piece)
    os.close(writing)
    yield reading


@pytest.mark.parametrize(
    ("said", "lived", "again"),
    [
        (b"", 3600.0, True),
        (b"en", 3600.0, True),
        (watch.FAREWELL, 3600.0, False),
        (b"", 5.0, False),
    ],
)
def test_only_an_unasked_end_of_a_long_life_is_mended(said: bytes, lived: float, again: bool) -> None:
    clock, started = Clock(), []
    [reading] = pipe_saying(said)

    class Lives:
        """Time passes while the pipe is open."""

        def read(self, size: int) -> bytes:
            clock.lived = lived
            return os.read(reading, size)

    assert watch.watch(Lives(), lambda: started.append(True), clock=clock) is again  # type: ignore[arg-type]
    assert bool(started) is again
    os.close(reading)


@pytest.mark.parametrize("farewell", [False, True])
def test_a_killed_program_is_started_again_by_a_real_process(farewell: bool) -> None:
    """The program's end is seen through a real pipe; its successor reports by calling us."""
    with socket.create_server(("127.0.0.1", 0)) as successor:
        port = successor.getsockname()[1]
        restart = f"import socket; socket.create_connection(('127.0.0.1', {port})).sendall(b'alive')"
        watching = (
            "import subprocess, sys\n"
            "from client import watch\n"
            "again = lambda: subprocess.run([sys.executable, '-c', sys.argv[1]], check=True)\n"
            "sys.exit(watch.watch(sys.stdin.buffer, again, least_life_s=0))\n"
        )
        command = [sys.executable, "-c", watching, restart]
        if farewell:
            watcher = watch.Watcher(command)
            watcher.start()
            watcher.farewell()  # waits for the watching process, which calls nobody
            successor.setblocking(False)
            with pytest.raises(BlockingIOError):
                successor.accept()
        else:
            process = subprocess.Popen(command, stdin=subprocess.PIPE)
            assert process.stdin is not None
            process.stdin.close()
            with successor.accept()[0] as caller:
                assert caller.recv(5) == b"alive"
            assert process.wait() == 1


def test_the_program_is_started_again_with_what_it_was_started_with() -> None:
    assert watch.program("--profile", "x")[-2:] == ("--profile", "x")
    watcher = watch.Watcher(["/nonexistent/program"])
    watcher.start()
    watcher.farewell()  # nothing to take leave of, and nothing fails
