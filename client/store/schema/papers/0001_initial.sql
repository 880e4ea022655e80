-- SPDX-License-Identifier: AGPL-3.0-or-later
-- papers.db, version 1: large and re-fetchable.

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

-- Holds no text, only the index: text as written (NFC, case folded) and folded (no accents, đ as d).
CREATE VIRTUAL TABLE page_index USING fts5 (
    text, folded,
    content = '', contentless_delete = 1, prefix = '1 2',
    tokenize = 'unicode61 remove_diacritics 0'
);

INSERT INTO page_index (page_index, rank) VALUES ('secure-delete', 1);
