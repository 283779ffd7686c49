CREATE TABLE tours (id bigint PRIMARY KEY, band int)
;
CREATE INDEX tours_band ON tours (band)
;
