ALTER TABLE songs ADD CONSTRAINT played CHECK (plays > 0)
;
