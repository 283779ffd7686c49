CREATE INDEX CONCURRENTLY songs_title ON songs (title)
;
