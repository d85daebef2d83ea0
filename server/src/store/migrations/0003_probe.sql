-- What the server writes and deletes again to find out whether the disk takes writes. It is always empty.
CREATE TABLE probe (
    filler BLOB NOT NULL
) STRICT;
