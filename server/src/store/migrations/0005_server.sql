-- What this database is known by to the share stores. Mark: grows with every change of shares and with every sweep.
-- Restored: whether a restore put the file here and no server has started on it yet. Distrusted: shares that the stores got
-- up to this time may have been named by commits that a restore has undone.
CREATE TABLE server (
    id         BLOB    NOT NULL PRIMARY KEY,
    mark       INTEGER NOT NULL,
    restored   INTEGER NOT NULL,
    distrusted INTEGER
) STRICT;
