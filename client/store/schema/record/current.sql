-- SPDX-License-Identifier: AGPL-3.0-or-later
-- record.db, the schema all steps together give (read this one, not the steps): small and irreplaceable.
-- Moments are RFC 3339 text, hashes "sha256:<hex>", bodies JSON unless a column says otherwise.

CREATE TABLE trusted (
    name    TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    data    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE scope_keys (
    scope TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    key   BLOB NOT NULL CHECK (length(key) = 32),
    PRIMARY KEY (scope, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE floors (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    moment TEXT NOT NULL
) STRICT;

CREATE TABLE packs (
    pack        TEXT NOT NULL,
    rev         INTEGER NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    done_bytes  INTEGER NOT NULL,
    total_bytes INTEGER NOT NULL,
    published   INTEGER NOT NULL,
    body        BLOB NOT NULL,
    PRIMARY KEY (pack, rev)
) STRICT;

CREATE TABLE annotations (
    id      TEXT PRIMARY KEY,
    paper   TEXT NOT NULL,
    plain   TEXT NOT NULL,
    page    INTEGER NOT NULL,
    made    TEXT NOT NULL,
    deleted TEXT,
    body    BLOB NOT NULL
) STRICT;

CREATE INDEX annotations_paper ON annotations (paper, page) WHERE deleted IS NULL;

CREATE TABLE outbox (
    n         INTEGER PRIMARY KEY CHECK (n >= 1),
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    statement TEXT NOT NULL UNIQUE,
    state     TEXT NOT NULL,
    made      TEXT NOT NULL,
    tries     INTEGER NOT NULL,
    unknown   INTEGER NOT NULL,
    reason    TEXT NOT NULL,
    deadline  TEXT,
    received  TEXT,
    replaced  INTEGER NOT NULL,
    envelope  BLOB NOT NULL,
    body      BLOB NOT NULL,
    receipt   BLOB
, other BLOB) STRICT;

CREATE INDEX outbox_subject ON outbox (subject, n);

CREATE TABLE drafts (
    poll TEXT PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE polls (
    id      TEXT PRIMARY KEY,
    pack    TEXT NOT NULL,
    body    BLOB NOT NULL,
    closing BLOB
, definition BLOB, certified BLOB, dispute TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE comments (
    id   TEXT PRIMARY KEY,
    n    INTEGER NOT NULL,
    pack TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE INDEX comments_pack ON comments (pack, n);

-- rotation, fit, mode: how it was shown (client/store/reading.py); empty where nothing is known.
CREATE TABLE positions (
    plain    TEXT PRIMARY KEY,
    page     INTEGER NOT NULL,
    offset   REAL NOT NULL,
    scale    REAL NOT NULL,
    opened   INTEGER NOT NULL UNIQUE
, rotation INTEGER NOT NULL DEFAULT 0, fit TEXT NOT NULL DEFAULT '', mode TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE pages_seen (
    plain TEXT NOT NULL,
    page  INTEGER NOT NULL,
    PRIMARY KEY (plain, page)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- source: an annotation on an earlier version; plain: the later PDF. state: placed, doubtful, moved, kept, reopened.
-- targets: annotations as MessagePack, where it went or might go.
CREATE TABLE carried (
    source  TEXT NOT NULL,
    plain   TEXT NOT NULL,
    paper   TEXT NOT NULL,
    state   TEXT NOT NULL,
    doubt   TEXT NOT NULL,
    targets BLOB NOT NULL,
    PRIMARY KEY (source, plain)
) STRICT, WITHOUT ROWID;

CREATE INDEX carried_paper ON carried (paper, plain);

CREATE TABLE undo_steps (
    plain TEXT NOT NULL,
    n     INTEGER NOT NULL,
    body  BLOB NOT NULL,
    PRIMARY KEY (plain, n)
) STRICT, WITHOUT ROWID;

-- marks: how often an annotation was deleted and restored on all devices together; told: the others know it.
CREATE TABLE note_marks (
    id    TEXT PRIMARY KEY,
    marks INTEGER NOT NULL,
    told  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last batch taken from each device, this one included.
CREATE TABLE note_heads (
    device TEXT PRIMARY KEY,
    n      INTEGER NOT NULL,
    hash   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The batch that waits to be sent: the same bytes until the service has them.
CREATE TABLE note_waiting (
    n    INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    ids  BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- Devices to which everything was told.
CREATE TABLE note_readers (
    device TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE live_sessions (
    session TEXT PRIMARY KEY,
    pack    TEXT NOT NULL,
    version INTEGER NOT NULL,
    body    BLOB NOT NULL,
    plan    BLOB NOT NULL,
    state   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE conclusions (
    session TEXT NOT NULL,
    item    TEXT NOT NULL,
    blob    TEXT NOT NULL,
    body    BLOB NOT NULL,
    PRIMARY KEY (session, item)
) STRICT, WITHOUT ROWID;
-- chosen: the author wants it; marks: how often it was shared and withdrawn; told: 0 never, 1 told, 2 tell again.
-- teller, n: the last batch that told of it, and the author's device whose it is.
CREATE TABLE shares (
    item   TEXT NOT NULL,
    reader TEXT NOT NULL,
    chosen INTEGER NOT NULL,
    marks  INTEGER NOT NULL,
    told   INTEGER NOT NULL,
    teller TEXT NOT NULL DEFAULT '',
    n      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (item, reader)
) STRICT, WITHOUT ROWID;

-- Hand-over sheets this member wrote.
CREATE TABLE handovers (
    id      TEXT PRIMARY KEY,
    pack    TEXT NOT NULL,
    made    TEXT NOT NULL,
    deleted TEXT,
    body    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The last batch taken of each chain: an author's device and a reader.
CREATE TABLE share_heads (
    device TEXT NOT NULL,
    reader TEXT NOT NULL,
    n      INTEGER NOT NULL,
    hash   TEXT NOT NULL,
    PRIMARY KEY (device, reader)
) STRICT, WITHOUT ROWID;

-- The batch that waits for each reader: the same bytes until the service has them.
CREATE TABLE share_waiting (
    reader TEXT PRIMARY KEY,
    n      INTEGER NOT NULL,
    hash   TEXT NOT NULL,
    ids    BLOB NOT NULL,
    body   BLOB NOT NULL
) STRICT;

-- Devices to which everything was told, for each reader.
CREATE TABLE share_readers (
    reader TEXT NOT NULL,
    device TEXT NOT NULL,
    PRIMARY KEY (reader, device)
) STRICT, WITHOUT ROWID;

-- What others shared; body is gone once it was withdrawn.
CREATE TABLE received (
    author TEXT NOT NULL,
    id     TEXT NOT NULL,
    marks  INTEGER NOT NULL,
    paper  TEXT NOT NULL,
    plain  TEXT NOT NULL,
    at     TEXT NOT NULL,
    hidden INTEGER NOT NULL,
    body   BLOB,
    PRIMARY KEY (author, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX received_paper ON received (paper, plain);

-- What the secretariat told after a pack was published; the body is empty while the pack's key is not here.
CREATE TABLE bulletins (
    subject  TEXT PRIMARY KEY,
    kind     TEXT NOT NULL,
    pack     TEXT NOT NULL,
    version  INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    body     BLOB
) STRICT, WITHOUT ROWID;

-- The last batches of the chains of this member's devices: what an acknowledgement is compared with.
CREATE TABLE share_ends (
    device TEXT NOT NULL,
    reader TEXT NOT NULL,
    n      INTEGER NOT NULL,
    hash   TEXT NOT NULL,
    PRIMARY KEY (device, reader, n)
) STRICT, WITHOUT ROWID;

-- How far each device of a reader has each chain, by its own signature; one line for each, no history.
CREATE TABLE share_arrivals (
    reader TEXT NOT NULL,
    device TEXT NOT NULL,
    teller TEXT NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (reader, device, teller)
) STRICT, WITHOUT ROWID;

-- What this device has opened of each chain that leads here; told: its author's devices can know.
CREATE TABLE arrivals (
    device TEXT PRIMARY KEY,
    author TEXT NOT NULL,
    n      INTEGER NOT NULL,
    hash   TEXT NOT NULL,
    told   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- source: on an earlier version; target: the id its author's device will give it. state: placed, doubtful.
CREATE TABLE received_carried (
    author  TEXT NOT NULL,
    source  TEXT NOT NULL,
    plain   TEXT NOT NULL,
    paper   TEXT NOT NULL,
    target  TEXT NOT NULL,
    state   TEXT NOT NULL,
    doubt   TEXT NOT NULL,
    targets BLOB NOT NULL,
    PRIMARY KEY (author, source, plain)
) STRICT, WITHOUT ROWID;

CREATE INDEX received_carried_paper ON received_carried (paper, plain);
