-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 4: words as written and words without accents have an index each. In one index with two columns a query
-- without accents walked all that its folded syllables match, to find that nothing is written that way. Papers
-- indexed before are indexed again.

DROP TABLE page_index;

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

INSERT INTO index_written (index_written, rank) VALUES ('secure-delete', 1);
INSERT INTO index_folded (index_folded, rank) VALUES ('secure-delete', 1);

DELETE FROM page_texts;
DELETE FROM page_words;
DELETE FROM documents;
