-- Of the filters $1 programme, $2 municipality, $3 role and $4 state of a volunteer, whom the rarest holds of, where that
-- are 1,000 at most: no row when each holds of many.
SELECT ids
FROM (
    SELECT ARRAY(SELECT person_id FROM intake WHERE programme = $1::text LIMIT 1001) WHERE $1 IS NOT NULL
    UNION ALL
    SELECT ARRAY(SELECT person_id FROM person WHERE nis = $2::text LIMIT 1001) WHERE $2 IS NOT NULL
    UNION ALL
    SELECT ARRAY(SELECT person_id FROM volunteer WHERE $4::text IS NULL OR state = $4 LIMIT 1001)
    WHERE $3::text = 'volunteer' OR $4 IS NOT NULL
    OFFSET 0
) AS found (ids)
WHERE cardinality(ids) <= 1000
ORDER BY cardinality(ids)
LIMIT 1
