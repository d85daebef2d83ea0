-- Deleted: since when the account is deleted. Nobody sees it from then on; its rows are deleted in small steps, and this one last.
ALTER TABLE accounts ADD COLUMN deleted INTEGER;
CREATE INDEX accounts_deleted ON accounts (deleted) WHERE deleted IS NOT NULL;
