-- When the database was restored from a backup, in seconds since 1970. For some time after that, the server may have
-- lost what the devices of a vault know.
CREATE TABLE restores (
    at INTEGER NOT NULL
) STRICT;
