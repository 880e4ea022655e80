-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 11: where something another shared stands on a later version, until its author's device says so.

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
