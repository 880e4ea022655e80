# SPDX-License-Identifier: AGPL-3.0-or-later
"""The store against its floors, in one run: opening, a durable commit, reading a paper, searching.

Floors: a bare ``fsync`` of one page; the same paper rows read from the same file without check or assembly; a
plain scan of the same pages. Run ``python -m tests.benchmarks.bench_store [folder] [pages]`` from the project
root; prints one JSON object. Times are milliseconds; of searches also processor time of this thread, which other
programs do not disturb.
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from client.crypto.hashing import sha256
from client.crypto.random import system_random
from client.crypto.secret import Secret
from client.domain.ids import Hash
from client.store import outbox, papers, search
from client.store.connection import Connection, open_papers, open_record
from client.store.fold import fold
from client.store.sealed_copy import SealedCopies
from tests.unit.store.samples import act, named

PAPER = 10 * 1024 * 1024
PAGES_A_PAPER = 200
PAGES = 20_000
COMMON_PHRASES = """nghị định, chính phủ, về, quản lý, đầu tư công, và, đường sắt tốc độ cao, bộ trưởng, của, các,
ủy ban nhân dân, thành phố, phân quyền, ngân sách nhà nước, dự toán, báo cáo, thẩm định, tờ trình, dự thảo luật,
sửa đổi, bổ sung, điều, khoản, hiệu lực thi hành, được, ban hành"""
PHRASES = tuple(phrase.strip() for phrase in COMMON_PHRASES.split(","))
HEADS = "b c ch d đ g gi h kh l m n ng nh ph qu t th tr v"
TAILS = "a à ạ an ân ang ành ao ây e ế em ên i ĩ ích iên iều o ọ ò oa on ông ơ ờ ơi u ủ uc ung uyết ư ứ ương ước ưu"
SYLLABLES = tuple(head + tail for tail in TAILS.split() for head in HEADS.split())
"""Hundreds of invented syllables: a common one on most pages, a rare one on few, as in real text."""
QUERIES = (
    "nghị định",
    "nghi dinh",
    "dau tu cong",
    "đường sắt tốc độ",
    "uy ban nhan dan",
    "mốc hiếm",
    "moc hiem",
    "và",
    "n",
)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def figures(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3)

    return {"n": len(ordered), "p50": round(statistics.median(ordered), 3), "p95": at(0.95), "p99": at(0.99)}


def opening(folder: Path, key: Secret) -> dict[str, object]:
    def once() -> None:
        open_record(folder / "record.db", key).close()

    first = timed(once)
    return {"first_with_schema": round(first, 3), "again": figures([timed(once) for _ in range(50)])}


def committing(folder: Path, key: Secret) -> dict[str, object]:
    """One act of a vote's size: the commit alone, then copy, commit, checkpoint and reading back together."""
    conn, copies = open_record(folder / "record.db", key), SealedCopies(folder / "outbox", key, system_random)
    envelope, numbers = random.Random(1).randbytes(1500), iter(range(1, 10_000))

    def commit() -> int:
        n = next(numbers)
        with conn.transaction():
            outbox.queue(conn, act(n), envelope, b"[]")
        return n

    def save() -> None:
        copies.write(99_999, envelope)
        n = commit()
        conn.checkpoint()
        back = open_record(folder / "record.db", key, read_only=True)
        assert outbox.envelope(back, n) == envelope
        back.close()

    floor_file = os.open(folder / "floor", os.O_RDWR | os.O_CREAT, 0o600)

    def floor() -> None:
        os.pwrite(floor_file, envelope, 0)
        os.fsync(floor_file)

    result: dict[str, list[float]] = {"fsync_floor": [], "commit_full": [], "save_steps_1_to_4": []}
    for _ in range(150):  # in turns, so that a noisy neighbour hits all three alike
        for name, work in zip(result, (floor, commit, save), strict=True):
            result[name].append(timed(work))
    os.close(floor_file)
    conn.close()
    medians = {name: statistics.median(times) for name, times in result.items()}
    return {name: figures(times) for name, times in result.items()} | {
        "commit_to_fsync": round(medians["commit_full"] / medians["fsync_floor"], 2)
    }


def reading(folder: Path, key: Secret) -> dict[str, object]:
    conn, content, blob = open_papers(folder / "papers.db", key), random.Random(2).randbytes(PAPER), named("blob")
    plain = Hash(sha256(content))
    pieces = [content[at : at + papers.CHUNK] for at in range(0, PAPER, papers.CHUNK)]

    def write() -> None:
        for index, piece in enumerate(pieces):
            papers.append(conn, blob, index, piece)

    written = timed(write)
    finished = timed(lambda: papers.finish(conn, blob, plain, PAPER))
    conn.checkpoint()

    def floor() -> None:
        conn.execute("SELECT data FROM chunks ORDER BY id").fetchall()

    floors, reads = [], []
    for _ in range(30):
        floors.append(timed(floor))
        reads.append(timed(lambda: papers.read(conn, blob, plain=plain)))
    papers.forget(conn, blob)
    conn.close()
    return {
        "paper_bytes": PAPER,
        "append_mb_s": round(PAPER / 1e6 / (written / 1000), 1),
        "finish_reread": round(finished, 2),
        "raw_rows_floor": figures(floors),
        "read_verified": figures(reads),
        "ratio_p50": round(statistics.median(reads) / statistics.median(floors), 2),
        "ratio_min": round(min(reads) / min(floors), 2),
    }


def fill(conn: Connection, pages: int) -> float:
    rng = random.Random(3)
    weights = [1 / (place + 2) for place in range(len(SYLLABLES))]  # Zipf's law

    def index() -> None:
        for start in range(0, pages, PAGES_A_PAPER):
            with conn.transaction():
                for page in range(min(PAGES_A_PAPER, pages - start)):
                    drawn = rng.choices(SYLLABLES, weights, k=400) + rng.choices(PHRASES, k=30)
                    rng.shuffle(drawn)
                    text = " ".join(drawn)
                    if rng.random() < 0.002:
                        text += " mốc hiếm"
                    search.index_page(conn, named(str(start)), page, text)

    return timed(index)


def searching(folder: Path, key: Secret, pages: int) -> dict[str, object]:
    conn = open_papers(folder / "search.db", key)
    filled = fill(conn, pages)
    conn.checkpoint()
    times: dict[str, list[float]] = {query: [] for query in QUERIES}
    spent: list[float] = []
    hits: dict[str, int] = {}

    def one(query: str) -> None:
        hits[query] = len(search.search(conn, query))

    for _ in range(25):
        for query in QUERIES:
            before = time.thread_time()
            times[query].append(timed(partial(one, query)))
            spent.append((time.thread_time() - before) * 1000)

    def scan() -> None:
        """What a search without an index would do: read, fold, look."""
        for (text,) in conn.stream("SELECT text FROM page_texts"):
            assert ("nghi dinh" in fold(text)) is not None

    scans, scans_spent = [], []
    for _ in range(3):
        before = time.thread_time()
        scans.append(timed(scan))
        scans_spent.append((time.thread_time() - before) * 1000)
    everything = [value for found in times.values() for value in found]
    size = papers.usage(conn)
    conn.close()
    return {
        "pages": pages,
        "index_ms_a_page": round(filled / pages, 3),
        "file_bytes_a_page": size // pages,
        "search": figures(everything),
        "search_cpu": figures(spent),
        "by_query_p95": {query: figures(found)["p95"] for query, found in times.items()},
        "hits": hits,
        "naive_scan": figures(scans),
        "naive_scan_cpu": figures(scans_spent),
        "times_faster_p50": round(statistics.median(scans) / statistics.median(everything), 1),
        "times_faster_cpu_p50": round(statistics.median(scans_spent) / statistics.median(spent), 1),
    }


def main(arguments: Sequence[str]) -> None:
    """Run everything in a fresh folder, by default a temporary one."""
    pages = int(arguments[1]) if len(arguments) > 1 else PAGES
    with tempfile.TemporaryDirectory(dir=arguments[0] if arguments else None) as name:
        folder, key = Path(name), Secret.random(48, system_random)
        result = {
            "machine": {"system": platform.platform(), "python": platform.python_version(), "cpus": os.cpu_count()},
            "open": opening(folder, key),
            "commit": committing(folder, key),
            "paper": reading(folder, key),
            "search": searching(folder, key, pages),
        }
    print(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
