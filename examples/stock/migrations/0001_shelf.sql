CREATE TABLE shelf (
    article text PRIMARY KEY,
    pieces bigint NOT NULL,
    sales bigint NOT NULL
);
COMMENT ON TABLE shelf IS 'Pieces left of each article';
