-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 5: notes between a member's own devices.

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
