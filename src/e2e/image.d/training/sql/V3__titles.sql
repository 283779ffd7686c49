CREATE INDEX CONCURRENTLY songs_by_title ON songs (title);
