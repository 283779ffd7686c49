DO $$ BEGIN TRUNCATE songs; END $$
;
