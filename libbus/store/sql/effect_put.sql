-- bulk
-- The last word on an effect wins; no payload removes it.
WITH put AS (
    SELECT DISTINCT ON (name, key) name, key, payload, header
    FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[])
        WITH ORDINALITY AS e(name, key, payload, header, n)
    ORDER BY name, key, n DESC
), gone AS (
    -- By their places: a join may walk through all that were ever removed.
    DELETE FROM effect AS e
    USING (SELECT (SELECT x.ctid FROM effect AS x WHERE x.name = put.name AND x.key = put.key) AS place
           FROM put WHERE put.payload IS NULL) AS old
    WHERE e.ctid = old.place
)
INSERT INTO effect (name, key, payload, header)
SELECT name, key, payload, header FROM put WHERE payload IS NOT NULL
ON CONFLICT (name, key) DO UPDATE SET payload = excluded.payload, header = excluded.header
