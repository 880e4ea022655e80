-- SPDX-License-Identifier: AGPL-3.0-or-later
-- papers.db, the schema all steps together give (read this one, not the steps): large and re-fetchable.

-- state: 0 fetching, 1 present (plain hash verified).
CREATE TABLE blobs (
    id     INTEGER PRIMARY KEY,
    blob   TEXT NOT NULL UNIQUE,
    plain  TEXT,
    size   INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    state  INTEGER NOT NULL,
    header BLOB
) STRICT;

-- id = blobs.id << 16 | chunk number: one tree in reading order, without a second index.
CREATE TABLE chunks (
    id   INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;

-- pages: how many pages a complete index has; NULL while it is being made.
CREATE TABLE documents (
    id    INTEGER PRIMARY KEY,
    plain TEXT NOT NULL UNIQUE,
    pages INTEGER
) STRICT;

-- id = documents.id << 15 | page, the same number as the row of the index below.
CREATE TABLE page_texts (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;

-- Hold no text, only an index each: of the text as written (NFC, case folded), and folded (no accents, đ as d).
CREATE VIRTUAL TABLE index_written USING fts5 (
    text,
    content = '', contentless_delete = 1, prefix = '1 2',
    tokenize = 'unicode61 remove_diacritics 0'
);

CREATE VIRTUAL TABLE index_folded USING fts5 (
    text,
    content = '', contentless_delete = 1, prefix = '1 2',
    tokenize = 'unicode61 remove_diacritics 0'
);

-- Rows of page_texts again, apart so that reading a text does not read the boxes. recognised: the text was read off
-- a picture by a machine. words: client/viewer/page_words.py.
CREATE TABLE page_words (
    id         INTEGER PRIMARY KEY,
    width      REAL NOT NULL,
    height     REAL NOT NULL,
    recognised INTEGER NOT NULL,
    words      BLOB NOT NULL
) STRICT;

-- What changed from one version of a paper to a later one; both are hashes of PDFs.
CREATE TABLE comparisons (
    old  TEXT NOT NULL,
    new  TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (old, new)
) STRICT, WITHOUT ROWID;

-- What was last in sight of a paper, as pictures (client/viewer/last_view.py); kept: rises, the newest are kept.
CREATE TABLE last_views (
    plain TEXT PRIMARY KEY,
    kept  INTEGER NOT NULL UNIQUE,
    body  BLOB NOT NULL
) STRICT;
