-- Every start of a server on this database, and the mark from which on it counted. A store that was told of a run that is
-- not here, or of a mark that this run did not reach here, knows of something that this database has lost.
CREATE TABLE runs (
    id    BLOB    NOT NULL PRIMARY KEY,
    first INTEGER NOT NULL
) STRICT;

-- Ahead: whether a store was found that knows of something that this database has lost, until the operator has dealt with it.
ALTER TABLE server ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;

-- Since when the store is one that was made again, without its shares, until the operator has acknowledged it.
ALTER TABLE stores ADD COLUMN made_again INTEGER;

-- Accounts that were deleted, and when, so that a store that was away then loses their shares, too. Only a hash of the id is
-- kept.
CREATE TABLE deleted_accounts (
    hash    BLOB    NOT NULL PRIMARY KEY,
    deleted INTEGER NOT NULL
) STRICT;
