CREATE INDEX songs_title ON songs (title)
;
ALTER TABLE songs ALTER COLUMN id TYPE bigint
;
ALTER TABLE "songs" ADD COLUMN "größe" int NOT NULL DEFAULT 1
;
