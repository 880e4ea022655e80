-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Step 2: in a conflict, the vote of another device that stood in the way.

ALTER TABLE outbox ADD COLUMN other BLOB;
