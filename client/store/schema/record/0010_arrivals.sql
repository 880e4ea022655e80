-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 10: that what was shared came to a device, acknowledged by that device; never that it was read.

-- teller, n: the last batch that told of it, and the author's device whose it is.
ALTER TABLE shares ADD COLUMN teller TEXT NOT NULL DEFAULT '';
ALTER TABLE shares ADD COLUMN n INTEGER NOT NULL DEFAULT 0;

-- What was told before nobody could acknowledge it is told once more.
UPDATE shares SET told = 2 WHERE told = 1 AND marks & 1 = 0;

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
