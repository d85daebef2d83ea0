-- Accounts and what each of them uses: live records, bytes of their blobs, bytes of heads and changes, and bytes of the
-- earlier secrets that are kept. Past: the right edge of the history log before the newest head (FORMAT.md, section 7).
-- Deleted: since when the account is deleted. Nobody sees it from then on; its rows are deleted in small steps, this one last.
CREATE TABLE accounts (
    id      BLOB    NOT NULL PRIMARY KEY,
    counter INTEGER NOT NULL,
    records INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    history INTEGER NOT NULL,
    kept    INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL,
    past    BLOB,
    deleted INTEGER
) STRICT;
CREATE INDEX accounts_deleted ON accounts (deleted) WHERE deleted IS NOT NULL;

-- Method: the sign-in method of the vault that came with it and with which it goes.
CREATE TABLE credentials (
    id      BLOB    NOT NULL PRIMARY KEY,
    account BLOB    NOT NULL REFERENCES accounts (id),
    method  BLOB    NOT NULL,
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

-- Every write of an account: its head, and its changes without blobs and without the wraps of removed keyslots. Subtrees:
-- the roots of the complete subtrees of the history log that end with this head, the smallest first (FORMAT.md, section 7).
CREATE TABLE commits (
    account BLOB    NOT NULL REFERENCES accounts (id),
    counter INTEGER NOT NULL,
    id      BLOB    NOT NULL,
    request BLOB    NOT NULL,
    head    BLOB    NOT NULL,
    changes TEXT    NOT NULL,
    subtrees BLOB   NOT NULL,
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

-- The live leaves of the tree (FORMAT.md, section 6): kind and id of each, its encoded value, and the commit that set it.
-- Wrap: that of a keyslot, as it is in that commit, so that whoever reads what is live need not read whole commits.
CREATE TABLE leaves (
    account BLOB    NOT NULL REFERENCES accounts (id),
    kind    INTEGER NOT NULL,
    id      BLOB    NOT NULL,
    value   BLOB    NOT NULL,
    counter INTEGER NOT NULL,
    wrap    BLOB,
    PRIMARY KEY (account, kind, id)
) STRICT;

-- Only the hash of an invitation code is kept.
CREATE TABLE invites (
    code    BLOB    NOT NULL PRIMARY KEY,
    created INTEGER NOT NULL,
    used    INTEGER
) STRICT;

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

-- What verifies a recovery code. Neither value lets anybody make the code. Method: as for credentials.
CREATE TABLE recovery (
    account     BLOB    NOT NULL PRIMARY KEY REFERENCES accounts (id),
    method      BLOB    NOT NULL,
    lookup_hash BLOB    NOT NULL UNIQUE,
    verifier    BLOB    NOT NULL,
    created     INTEGER NOT NULL
) STRICT;

-- The stores of this server: the number of a store's folder and the id that is in its file.
-- Made again: since when the store is one that was made again, without its shares, until the operator has acknowledged it.
CREATE TABLE stores (
    number     INTEGER NOT NULL PRIMARY KEY,
    id         BLOB    NOT NULL UNIQUE,
    made_again INTEGER
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

-- What the server writes and deletes again to find out whether the disk takes writes. It is always empty.
CREATE TABLE probe (
    filler BLOB NOT NULL
) STRICT;

-- What this database is known by to the share stores. Mark: grows with every change of shares and with every sweep.
-- Restored: 1 if a restore put the file here and no server has started on it yet, 2 until its stores were told. Distrusted: shares that the stores got
-- up to this time may have been named by commits that a restore has undone. Ahead: whether a store was found that knows of
-- something that this database has lost, until the operator has dealt with it.
CREATE TABLE server (
    id         BLOB    NOT NULL PRIMARY KEY,
    mark       INTEGER NOT NULL,
    restored   INTEGER NOT NULL,
    distrusted INTEGER,
    ahead      INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Every start of a server on this database, and the mark from which on it counted. A store that was told of a run that is
-- not here, or of a mark that this run did not reach here, knows of something that this database has lost.
CREATE TABLE runs (
    id    BLOB    NOT NULL PRIMARY KEY,
    first INTEGER NOT NULL
) STRICT;

-- Accounts that were deleted, and when, so that a store that was away then loses their shares, too. Only a hash of the id is
-- kept.
CREATE TABLE deleted_accounts (
    hash    BLOB    NOT NULL PRIMARY KEY,
    deleted INTEGER NOT NULL
) STRICT;
