-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 6: live sessions, their conclusions, and the signed objects that prove a result.

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

ALTER TABLE polls ADD COLUMN definition BLOB;

ALTER TABLE polls ADD COLUMN certified BLOB;

ALTER TABLE polls ADD COLUMN dispute TEXT NOT NULL DEFAULT '';
