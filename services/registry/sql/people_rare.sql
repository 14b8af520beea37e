-- Whom the filters $1 partnership, $2 programme, $3 municipality, $4 role and $5 state of a volunteer hold of together,
-- where that are 1,000 at most: no row when they are more. Looked for among all at once, since of two filters that each
-- hold of many nobody may be left, whom to walk through the list for would be in vain.
SELECT ids
FROM (SELECT ARRAY(
    SELECT person_id FROM person
    WHERE state = 'known' AND ($1::text IS NULL OR partnership = $1) AND ($3::text IS NULL OR nis = $3)
        AND ($2::text IS NULL OR person_id IN (SELECT person_id FROM intake WHERE programme = $2))
        AND ($5::text IS NULL OR person_id IN (SELECT person_id FROM volunteer WHERE state = $5))
        AND ($4::text IS DISTINCT FROM 'volunteer' OR person_id IN (SELECT person_id FROM volunteer))
        AND ($4::text IS DISTINCT FROM 'newcomer' OR person_id IN (SELECT person_id FROM intake WHERE side = 'newcomer'))
    LIMIT 1001) AS ids OFFSET 0) AS found
WHERE cardinality(ids) <= 1000
