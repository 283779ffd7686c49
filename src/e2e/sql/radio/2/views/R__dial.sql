CREATE OR REPLACE VIEW dial AS
SELECT name || ' ' || frequency || ' ${unit}' AS label FROM stations;
