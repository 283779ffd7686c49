ALTER TABLE songs RENAME COLUMN title TO name
;
ALTER TABLE bands RENAME TO artists
;
