# SPDX-License-Identifier: AGPL-3.0-or-later
"""What hostile code could do inside the render process: each probe runs in the real one, after it confined itself."""

from __future__ import annotations

import errno
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.viewer.events import PixelsReady, WorkerReady
from client.viewer.worker.limits import MEMORY_BYTES, OPEN_FILES
from tests.unit.viewer.render_world import WAIT_S, World, pdf, whole

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a confinement so far")

# The real process; asking for the outline runs every probe and returns what became of it.
PROBES = """
import ctypes, mmap, os, resource, signal, socket, subprocess, sys
from client.viewer import messages as m
from client.viewer.worker import main, render
libc = ctypes.CDLL(None, use_errno=True)

def raw(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "raw call")

def executable():
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)

def unmapped():
    import xml.dom.minidom

probes = {
    "open for reading": lambda: open("/etc/passwd").read(),
    "open for writing": lambda: open("/tmp/ecabinet-probe", "w").write("x"),
    "open own memory": lambda: open("/proc/self/mem", "rb").read(1),
    "list a directory": lambda: os.listdir("/"),
    "stat a path": lambda: os.stat("/etc/passwd"),
    "remove a path": lambda: os.unlink("/tmp/ecabinet-probe"),
    "change directory": lambda: os.chdir("/"),
    "tcp socket": lambda: socket.socket(),
    "unix socket": lambda: socket.socket(socket.AF_UNIX),
    "socket pair": lambda: socket.socketpair(),
    "fork": lambda: os.fork(),
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "spawn": lambda: subprocess.Popen(["/bin/true"]),
    "thread": lambda: __import__("threading").Thread(target=int).start(),
    "kill the parent": lambda: os.kill(PARENT, 0),
    "signal everybody": lambda: os.kill(-1, 0),
    "memory file": lambda: os.memfd_create("x"),
    "pipe": lambda: os.pipe(),
    "executable memory": executable,
    "import": unmapped,
    "raise limits": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
    "ptrace": lambda: raw(101, 16, PARENT, 0, 0),
    "read another's memory": lambda: raw(310, PARENT, 0, 0, 0, 0, 0),
    "io_uring": lambda: raw(425, 4, 0),
    "bpf": lambda: raw(321, 0, 0, 0),
    "keyring": lambda: raw(248, 0, 0, 0, 0, 0),
    "user namespace": lambda: raw(272, 0x10000000),
    "mount": lambda: raw(165, 0, 0, 0, 0, 0),
    "open_by_handle": lambda: raw(304, 0, 0, 0),
    "openat2": lambda: raw(437, -100, 0, 0, 0),
}
PARENT = os.getppid()

def run_probe(probe):
    try:
        probe()
    except OSError as error:
        return str(error.errno)
    except BaseException as error:
        return type(error).__name__
    return "ALLOWED"

def outline(self, doc):
    return tuple(m.OutlineEntry(1, f"{name}: {run_probe(probe)}", -1) for name, probe in probes.items())

real = render.Renderer.outline
render.Renderer.outline = lambda self, doc: outline(self, doc) if doc >= 0 else real(self, doc)
sys.exit(main.run(sys.argv[1:]))
"""

EMPTY = pdf([b""])


@pytest.fixture(scope="module")
def probed() -> Iterator[tuple[WorkerReady, dict[str, str]]]:
    with World(PROBES) as world:
        ready = world.ready()
        info = world.open(EMPTY)
        entries = world.host.outline("paper").result(WAIT_S).entries
        assert isinstance(world.draw(whole(info)), PixelsReady)  # and it still draws
        outcomes = dict(entry.title.split(": ") for entry in entries)
        yield ready, outcomes


def test_the_confinement_is_in_force_here(probed: tuple[WorkerReady, dict[str, str]]) -> None:
    assert probed[0].sandbox == "landlock+seccomp"


def test_no_probe_gets_through(probed: tuple[WorkerReady, dict[str, str]]) -> None:
    _, outcomes = probed
    assert len(outcomes) == 30
    refused = {
        str(errno.EPERM),
        str(errno.EACCES),
        "PermissionError",
        "ModuleNotFoundError",
        "RuntimeError",
        "ValueError",
    }
    assert {name: result for name, result in outcomes.items() if result not in refused} == {}
    assert not Path("/tmp/ecabinet-probe").exists()


def test_limits_are_set_and_there_is_one_thread() -> None:
    with World() as world:
        world.ready()
        pid = world.host.pid
        assert pid is not None
        assert resource.prlimit(pid, resource.RLIMIT_AS) == (MEMORY_BYTES, MEMORY_BYTES)
        assert resource.prlimit(pid, resource.RLIMIT_FSIZE) == (0, 0)
        assert resource.prlimit(pid, resource.RLIMIT_CORE) == (0, 0)
        assert resource.prlimit(pid, resource.RLIMIT_NOFILE) == (OPEN_FILES, OPEN_FILES)
        status = Path(f"/proc/{pid}/status").read_text()
        assert "Threads:\t1\n" in status
        assert "NoNewPrivs:\t1\n" in status
        assert "Seccomp:\t2\n" in status


def test_memory_is_bounded_and_running_out_costs_a_page_not_the_reader() -> None:
    greedy = """
import sys
from client.viewer.worker import main, render
from client.errors import PaperTooBig
real = render.Renderer.words
def words(self, doc, page):
    try:
        bytearray(3 * 1024**3)
    except MemoryError as error:
        raise PaperTooBig("memory") from error
render.Renderer.words = lambda self, doc, page: words(self, doc, page) if doc >= 0 else real(self, doc, page)
sys.exit(main.run(sys.argv[1:]))
"""
    with World(greedy) as world:
        info = world.open(EMPTY)
        before = world.host.pid
        error = world.host.text("paper", 0).exception(WAIT_S)
        assert error is not None
        assert str(error) == "paper.too_big: memory"
        assert isinstance(world.draw(whole(info)), PixelsReady)
        assert world.host.pid == before


def test_the_process_dies_with_the_program() -> None:
    """A program killed without warning leaves no process behind, not even one that is stuck in a page."""
    reading, writing = os.pipe()
    program = os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", _PROGRAM, str(writing)],
        dict(os.environ),
        file_actions=[(os.POSIX_SPAWN_DUP2, writing, writing)],
    )
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        worker = int(told.readline())
        watcher = os.pidfd_open(worker)
        try:
            os.kill(program, signal.SIGKILL)
            os.waitpid(program, 0)
            import select

            assert select.select([watcher], [], [], WAIT_S)[0], "the render process lives on"
        finally:
            os.close(watcher)


_PROGRAM = """
import os, sys
from tests.unit.viewer.render_world import World, whole, time_bomb
writing = int(sys.argv[1])
world = World(page_timeout_s=600.0)
world.host.start()
world.ready()
info = world.open(time_bomb())
world.host.request(whole(info))
world.until_drawing()
os.write(writing, b"%d\\n" % world.host.pid)
world.wait(int)
"""
