CREATE FUNCTION play(song bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE songs SET played_at = now() WHERE id = song;
END
$$;
DO $$ BEGIN PERFORM play(1); END $$;
