UPDATE songs SET plays = 0
;
DELETE FROM songs
;
DELETE FROM songs WHERE id = 1
;
WITH gone AS (DELETE FROM bands RETURNING id) SELECT count(*) FROM gone
;
TRUNCATE bands
;
