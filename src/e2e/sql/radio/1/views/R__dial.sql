CREATE OR REPLACE VIEW dial AS
SELECT name || ' ' || frequency AS label FROM stations;
