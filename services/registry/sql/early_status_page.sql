-- What waits for a referral, of who may speak as the sources $1 ('*' at the end: all that begin so), within the partnerships $2 and
-- the municipalities $3, each empty for all: in every row how many there are and when the oldest was told; $4 and $5 the last one
-- of the page before, $6 how many. Without any on the page one row says those two alone.
WITH own AS (
    SELECT e.*, encode(substring(sha256(convert_to(e.source || ' ' || e.external_person, 'UTF8')) FOR 16), 'hex')::uuid AS id
    FROM early_status AS e
    WHERE (cardinality($2::text[]) = 0 OR e.partnership = ANY ($2))
        AND (cardinality($3::text[]) = 0 OR e.nis = ANY ($3))
        AND EXISTS (SELECT FROM unnest($1::text[]) AS mine (source)
                    WHERE CASE WHEN right(mine.source, 1) = '*' THEN starts_with(e.source, left(mine.source, -1))
                               ELSE e.source = mine.source END)
)
SELECT s.id, s.source, s.external_person, s.partner_type, s.status, s.partnership, s.told, every.total, every.oldest
FROM (SELECT count(*) AS total, min(told) AS oldest FROM own) AS every
    LEFT JOIN LATERAL (
        SELECT * FROM own
        WHERE $4::timestamptz IS NULL OR (own.told, own.id) > ($4, $5::uuid)
        ORDER BY own.told, own.id
        LIMIT $6::bigint
    ) AS s ON true
ORDER BY s.told, s.id
