CREATE TABLE jobs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  song_id bigint NOT NULL REFERENCES songs,
  user_id bigint NOT NULL REFERENCES users,
  status text NOT NULL
);
CREATE INDEX jobs_by_user ON jobs (user_id);
