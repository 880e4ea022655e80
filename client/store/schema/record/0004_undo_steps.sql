-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 4: what was done to the marks of a paper and undone, so that it can be undone after a restart too.

CREATE TABLE undo_steps (
    plain TEXT NOT NULL,
    n     INTEGER NOT NULL,
    body  BLOB NOT NULL,
    PRIMARY KEY (plain, n)
) STRICT, WITHOUT ROWID;
