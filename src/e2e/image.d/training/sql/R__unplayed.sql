CREATE OR REPLACE VIEW unplayed AS SELECT id, title FROM songs WHERE played_at IS NULL;
