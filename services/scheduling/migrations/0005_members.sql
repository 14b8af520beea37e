CREATE TABLE member (
    nis text PRIMARY KEY,
    partnership text NOT NULL
);
COMMENT ON TABLE member IS 'Municipalities and the partnership that serves each; from registry';
