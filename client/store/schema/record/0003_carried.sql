-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 3: where each note of an earlier version of a paper went on a later one.

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
