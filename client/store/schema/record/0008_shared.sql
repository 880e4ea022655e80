-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 8: what is shared with named people, and what they shared.

-- chosen: the author wants it; marks: how often it was shared and withdrawn; told: 0 never, 1 told, 2 tell again.
CREATE TABLE shares (
    item   TEXT NOT NULL,
    reader TEXT NOT NULL,
    chosen INTEGER NOT NULL,
    marks  INTEGER NOT NULL,
    told   INTEGER NOT NULL,
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
