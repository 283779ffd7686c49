ALTER TABLE songs ADD COLUMN artist text;
