-- The store's own id, made once.
CREATE TABLE store (
    id BLOB NOT NULL PRIMARY KEY
) STRICT;

-- Shares of all accounts. Claimed: whether a commit has named it. Forsaken: since when the main database no longer knows
-- a share that it had named.
CREATE TABLE shares (
    account     BLOB    NOT NULL,
    id          BLOB    NOT NULL,
    share       BLOB    NOT NULL,
    access_hash BLOB    NOT NULL,
    created     INTEGER NOT NULL,
    claimed     INTEGER NOT NULL,
    forsaken    INTEGER,
    PRIMARY KEY (account, id)
) STRICT;
