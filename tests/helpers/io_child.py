# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saves votes in a process of its own, on a disk that may fail.

``python -m tests.helpers.io_child FOLDER COUNT [NORMAL]``

One JSON line for each vote: what the member would be told. The process ends without closing anything.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path

from client.crypto.secret import Secret
from client.crypto.signing import SigningKey
from client.errors import EcabinetError
from client.protocol.messages import KeyRole, Root
from client.store import polls
from tests.helpers.device import Device, answers
from tests.unit.sync.samples import poll

KEYS = "keys.json"


def device_of(folder: Path) -> Device:
    """The device of a folder, with keys that outlive the process; its disk is ``folder/disk``."""
    path = folder / KEYS
    if not path.exists():
        made = {
            "record": os.urandom(48),
            "papers": os.urandom(48),
            "signing": SigningKey.generate().private_bytes().reveal(),
        }
        path.write_text(json.dumps({name: base64.b64encode(data).decode() for name, data in made.items()}))
    kept = {name: base64.b64decode(text) for name, text in json.loads(path.read_text()).items()}
    key = SigningKey.from_private(Secret(kept["signing"]))
    registrar, publisher = KeyRole("registrar-1", key.public), KeyRole("publisher-1", key.public)
    root = Root("Cơ quan thử (dữ liệu giả định)", registrar, publisher)
    device = Device(folder / "disk", root, "http://127.0.0.1:9")
    device.signing, device.record_key, device.papers_key = key, Secret(kept["record"]), Secret(kept["papers"])
    return device


def main(folder: Path, count: int, synchronous: str) -> None:
    """Save ``count`` votes and say of each what became of it."""
    try:
        device = device_of(folder).start()
        if synchronous:
            device.record.call(lambda conn: conn.execute(f"PRAGMA synchronous={synchronous}")).result()
        device.record.write(lambda conn: polls.save(conn, poll())).result()
    except EcabinetError as error:
        print(json.dumps({"closed": error.code}), flush=True)
        os._exit(0)
    for _ in range(count):
        try:
            item = device.acts.cast_vote(poll(), answers()).result()
            print(json.dumps({"saved": item.n, "statement": item.statement}), flush=True)
        except EcabinetError as error:
            print(json.dumps({"not_saved": error.code}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
