-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 9: what the secretariat told after a pack was published; the body is empty while the pack's key is not here.

CREATE TABLE bulletins (
    subject  TEXT PRIMARY KEY,
    kind     TEXT NOT NULL,
    pack     TEXT NOT NULL,
    version  INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    body     BLOB
) STRICT, WITHOUT ROWID;
