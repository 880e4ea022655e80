-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 3: what was last in sight of a paper, as pictures, so that it is shown at once when it is opened again.

CREATE TABLE last_views (
    plain TEXT PRIMARY KEY,
    kept  INTEGER NOT NULL UNIQUE,
    body  BLOB NOT NULL
) STRICT;
