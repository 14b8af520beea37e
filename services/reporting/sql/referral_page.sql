-- What is told after step $1 and up to step $2 to who may speak as the sources $3 ('*' at the end: all that begin so), within
-- the partnerships $4 and the municipalities $5, each empty for all. Of each sender that there is, from the one to the next,
-- its own steps are walked.
WITH RECURSIVE sender AS (
    (SELECT source FROM referral_step WHERE source IS NOT NULL ORDER BY source LIMIT 1)
    UNION ALL
    SELECT (SELECT n.source FROM referral_step AS n WHERE n.source > sender.source ORDER BY n.source LIMIT 1)
    FROM sender WHERE sender.source IS NOT NULL
)
SELECT s.told, r.referral_id, r.external_person, r.person_id, s.step, s.programme, s.at
FROM sender
    CROSS JOIN LATERAL (
        SELECT * FROM referral_step AS own
        WHERE own.source = sender.source AND own.told > $1::bigint AND own.told <= $2::bigint
            AND (cardinality($4::text[]) = 0 OR own.partnership = ANY ($4))
            AND (cardinality($5::text[]) = 0 OR own.nis = ANY ($5))
        ORDER BY own.told
        LIMIT $6::bigint
    ) AS s
    JOIN referral AS r USING (referral_id)
WHERE EXISTS (SELECT FROM unnest($3::text[]) AS own (source)
              WHERE CASE WHEN right(own.source, 1) = '*' THEN starts_with(sender.source, left(own.source, -1))
                         ELSE sender.source = own.source END)
ORDER BY s.told
LIMIT $6
