ALTER TABLE songs ADD CONSTRAINT one_title UNIQUE (title)
;
