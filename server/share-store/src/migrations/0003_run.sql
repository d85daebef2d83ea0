-- During which run of the server the store was last told of the main database.
ALTER TABLE store ADD COLUMN run BLOB;
