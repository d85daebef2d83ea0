-- The public key of a device. It is NULL for devices that joined before this column, until they write.
ALTER TABLE members ADD COLUMN key BLOB;
