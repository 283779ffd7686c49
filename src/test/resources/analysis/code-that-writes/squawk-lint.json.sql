DO $$ BEGIN DELETE FROM songs; END $$
;
SELECT forget()
;
