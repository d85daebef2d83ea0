-- Accounts and what each of them uses: live records, bytes of their blobs, bytes of heads and changes.
CREATE TABLE accounts (
    id      BLOB    NOT NULL PRIMARY KEY,
    counter INTEGER NOT NULL,
    records INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    history INTEGER NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE credentials (
    id      BLOB    NOT NULL PRIMARY KEY,
    account BLOB    NOT NULL REFERENCES accounts (id),
    passkey TEXT    NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX credentials_account ON credentials (account);

-- Only the hash of a session's token is kept.
CREATE TABLE sessions (
    token     BLOB    NOT NULL PRIMARY KEY,
    account   BLOB    NOT NULL REFERENCES accounts (id),
    created   INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    expires   INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_account ON sessions (account);

-- Every write of an account: its head, and its changes without blobs.
CREATE TABLE commits (
    account BLOB    NOT NULL REFERENCES accounts (id),
    counter INTEGER NOT NULL,
    id      BLOB    NOT NULL,
    request BLOB    NOT NULL,
    head    BLOB    NOT NULL,
    changes TEXT    NOT NULL,
    PRIMARY KEY (account, counter),
    UNIQUE (account, id)
) STRICT;

-- The newest version of each part of each live record. Parts: 1 overview, 2 secret.
CREATE TABLE parts (
    account BLOB    NOT NULL REFERENCES accounts (id),
    record  BLOB    NOT NULL,
    part    INTEGER NOT NULL,
    version INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    blob    BLOB    NOT NULL,
    PRIMARY KEY (account, record, part)
) STRICT;
CREATE INDEX parts_counter ON parts (account, counter);

-- Records that were deleted and never come back.
CREATE TABLE tombstones (
    account BLOB    NOT NULL REFERENCES accounts (id),
    record  BLOB    NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (account, record)
) STRICT;

-- Devices and keyslots that were added; an id is never used twice. Kinds: 3 keyslot, 4 device.
CREATE TABLE members (
    account BLOB    NOT NULL REFERENCES accounts (id),
    kind    INTEGER NOT NULL,
    id      BLOB    NOT NULL,
    PRIMARY KEY (account, kind, id)
) STRICT;

-- Only the hash of an invitation code is kept.
CREATE TABLE invites (
    code    BLOB    NOT NULL PRIMARY KEY,
    created INTEGER NOT NULL,
    used    INTEGER
) STRICT;
