CREATE TABLE stations (
    id int PRIMARY KEY,
    name text NOT NULL,
    wavelength numeric(5, 1) NOT NULL
);
