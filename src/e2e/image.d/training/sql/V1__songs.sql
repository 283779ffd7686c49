CREATE TABLE songs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL, played_at timestamptz);
COMMENT ON TABLE songs IS '${purpose}';
INSERT INTO songs (title) VALUES ('one; two'), ('it''s three');
