-- Bytes of the earlier secrets that are kept of an account.
ALTER TABLE accounts ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;

-- The counter at which a keyslot was removed.
ALTER TABLE members ADD COLUMN gone INTEGER;

-- Earlier secrets of live records, with the commit that wrote them. The newest one is in parts.
CREATE TABLE versions (
    account BLOB    NOT NULL REFERENCES accounts (id),
    record  BLOB    NOT NULL,
    version INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    blob    BLOB    NOT NULL,
    PRIMARY KEY (account, record, version)
) STRICT;
CREATE INDEX versions_counter ON versions (account, counter);

-- What verifies a recovery code. Neither value lets anybody make the code.
CREATE TABLE recovery (
    account     BLOB    NOT NULL PRIMARY KEY REFERENCES accounts (id),
    lookup_hash BLOB    NOT NULL UNIQUE,
    verifier    BLOB    NOT NULL,
    created     INTEGER NOT NULL
) STRICT;

-- The stores of this server: the number of a store's folder and the id that is in its file.
CREATE TABLE stores (
    number INTEGER NOT NULL PRIMARY KEY,
    id     BLOB    NOT NULL UNIQUE
) STRICT;

-- Shares that commits have named; the shares themselves are in the stores. Gone: the time at which a commit took it out.
CREATE TABLE shares (
    account   BLOB    NOT NULL REFERENCES accounts (id),
    id        BLOB    NOT NULL,
    store     BLOB    NOT NULL,
    share_set BLOB    NOT NULL,
    epoch     INTEGER NOT NULL,
    hash      BLOB    NOT NULL,
    gone      INTEGER,
    PRIMARY KEY (account, id)
) STRICT;
