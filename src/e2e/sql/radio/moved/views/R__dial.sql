CREATE OR REPLACE VIEW dial AS
SELECT name || ' ' || wavelength AS label FROM stations;
