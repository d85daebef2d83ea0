-- Which server the store belongs to, and the largest mark of its main database that the store has heard of.
ALTER TABLE store ADD COLUMN server BLOB;
ALTER TABLE store ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;
