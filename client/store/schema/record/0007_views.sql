-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 7: each paper is shown as it was left: turned, fitted to the window, laid out.

ALTER TABLE positions ADD COLUMN rotation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE positions ADD COLUMN fit TEXT NOT NULL DEFAULT '';
ALTER TABLE positions ADD COLUMN mode TEXT NOT NULL DEFAULT '';
