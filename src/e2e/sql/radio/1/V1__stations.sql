CREATE TABLE stations (
    id int PRIMARY KEY,
    name text NOT NULL,
    frequency numeric(4, 1) NOT NULL
);
