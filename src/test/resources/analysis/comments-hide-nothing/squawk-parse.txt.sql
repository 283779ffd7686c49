-- squawk-ignore-file
/* squawk-ignore ban-drop-column */ ALTER TABLE songs
  DROP COLUMN plays -- squawk-ignore
;
