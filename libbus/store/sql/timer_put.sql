-- bulk
-- The last word on a timer wins; no due time clears it.
WITH put AS (
    SELECT DISTINCT ON (name, key) name, key, due, correlationid
    FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[])
        WITH ORDINALITY AS t(name, key, due, correlationid, n)
    ORDER BY name, key, n DESC
), gone AS (
    -- By their places: a join may walk through all that were ever cleared.
    DELETE FROM timer AS t
    USING (SELECT (SELECT x.ctid FROM timer AS x WHERE x.name = put.name AND x.key = put.key) AS place
           FROM put WHERE put.due IS NULL) AS old
    WHERE t.ctid = old.place
)
INSERT INTO timer (name, key, due, correlationid)
SELECT name, key, due, correlationid FROM put WHERE due IS NOT NULL
ON CONFLICT (name, key) DO UPDATE SET due = excluded.due, correlationid = excluded.correlationid
