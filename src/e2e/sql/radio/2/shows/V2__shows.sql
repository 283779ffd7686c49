CREATE TABLE shows (
    id int PRIMARY KEY,
    station int NOT NULL REFERENCES stations,
    title text NOT NULL
);
CREATE INDEX shows_station ON shows (station);
