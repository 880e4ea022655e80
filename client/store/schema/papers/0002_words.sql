-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 2: the words of each page with their boxes, and what changed between versions. Papers indexed before are
-- indexed again, because their words were not kept.

CREATE TABLE page_words (
    id         INTEGER PRIMARY KEY,
    width      REAL NOT NULL,
    height     REAL NOT NULL,
    recognised INTEGER NOT NULL,
    words      BLOB NOT NULL
) STRICT;

CREATE TABLE comparisons (
    old  TEXT NOT NULL,
    new  TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (old, new)
) STRICT, WITHOUT ROWID;

INSERT INTO page_index (page_index) VALUES ('delete-all');
DELETE FROM page_texts;
DELETE FROM documents;
