# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealing and opening streams against the floor: one raw AES-256-GCM call over the same bytes, same run.

``python -m tests.benchmarks.bench_stream [--repeat N]`` prints JSON: per size the median and best seconds of
each way, MB/s, and the ratio to the floor (1.0 = as fast as the raw call; below 1.0 = slower). The chunked
format pays a call per 16 KiB; at large sizes the raw call pays more for one huge allocation than it saves.
Request signatures ride along, in microseconds against one bare ECDSA verification.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable

import cryptography
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from client.crypto import signing, stream
from client.crypto.random import system_random
from client.crypto.request import sign_request, verify_request
from client.crypto.secret import Secret
from client.crypto.signing import SigningKey

SIZES = (64 * 1024, 256 * 1024, 4 * 1024 * 1024, 64 * 1024 * 1024)
SLICE = 256 * 1024
KEY, CONTEXT = Secret(bytes(32)), b"ecab/blob/1|bench"


def times(work: Callable[[], object], repeat: int) -> list[float]:
    work()
    found = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return found


def open_in_slices(sealed: bytes) -> int:
    """As a download does: 256 KiB at a time, nothing kept."""
    opener, view, total = stream.StreamOpener(KEY, CONTEXT), memoryview(sealed), 0
    for at in range(0, len(sealed), SLICE):
        total += len(opener.update(view[at : at + SLICE]))
    return total + len(opener.finish())


def seal_in_slices(plain: bytes) -> int:
    sealer, view, total = stream.StreamSealer(KEY, CONTEXT, system_random), memoryview(plain), stream.HEADER_SIZE
    for at in range(0, len(plain), SLICE):
        total += len(sealer.update(view[at : at + SLICE]))
    return total + len(sealer.finish())


def measure_size(size: int, repeat: int) -> dict[str, object]:
    plain, raw, nonce = system_random(size), AESGCM(bytes(32)), bytes(12)
    sealed = stream.seal_bytes(KEY, CONTEXT, plain, rng=system_random)
    raw_sealed = raw.encrypt(nonce, plain, None)
    ways: dict[str, tuple[Callable[[], object], str | None]] = {
        "raw_seal": (lambda: raw.encrypt(nonce, plain, None), None),
        "raw_open": (lambda: raw.decrypt(nonce, raw_sealed, None), None),
        "seal_bytes": (lambda: stream.seal_bytes(KEY, CONTEXT, plain, rng=system_random), "raw_seal"),
        "open_bytes": (lambda: stream.open_bytes(KEY, CONTEXT, sealed, limit=size), "raw_open"),
        "seal_slices": (lambda: seal_in_slices(plain), "raw_seal"),
        "open_slices": (lambda: open_in_slices(sealed), "raw_open"),
    }
    medians: dict[str, float] = {}
    found: dict[str, object] = {"bytes": size, "repeat": repeat}
    for name, (work, floor) in ways.items():
        sample = times(work, repeat)
        medians[name] = statistics.median(sample)
        row = {
            "median_s": round(medians[name], 6),
            "best_s": round(min(sample), 6),
            "mb_per_s": round(size / medians[name] / 1e6),
        }
        found[name] = row if floor is None else {**row, "of_floor": round(medians[floor] / medians[name], 2)}
    return found


def measure_requests(repeat: int) -> dict[str, object]:
    key, url, body, now = SigningKey.generate(), "https://hop.example.vn/statements", b"x" * 2_000, 1_795_000_000
    plain = {"Content-Type": "application/json", "Idempotency-Key": "sha256:" + "0" * 64}

    def sign() -> dict[str, str]:
        return sign_request(
            method="POST", url=url, headers=plain, body=body, keyid="d_1", key=key, created=now, nonce="A" * 16
        )

    headers, signature = {**plain, **sign()}, key.sign(b"x" * 400)
    ways: dict[str, Callable[[], object]] = {
        "ecdsa_verify": lambda: signing.verify(key.public, signature, b"x" * 400),
        "verify_request": lambda: verify_request(
            method="POST", url=url, headers=headers, body=body, keys=lambda _: key.public, now=now
        ),
        "sign_request": sign,
    }
    return {name: round(statistics.median(times(work, repeat)) * 1e6, 1) for name, work in ways.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=7)
    repeat = parser.parse_args().repeat
    print(
        json.dumps(
            {
                "bench": "stream",
                "on": {
                    "machine": platform.machine(),
                    "python": platform.python_version(),
                    "cryptography": cryptography.__version__,
                },
                "sizes": [measure_size(size, repeat) for size in SIZES],
                "requests_us": measure_requests(100 * repeat),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
