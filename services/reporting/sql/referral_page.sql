-- What is told after step $1 and up to step $2 to who may speak as the sources $3 ('*' at the end: all that begin so), within
-- the partnerships $4 and the municipalities $5, each empty for all.
SELECT s.told, r.referral_id, r.external_person, r.person_id, s.step, s.programme, s.at
FROM referral_step AS s JOIN referral AS r USING (referral_id)
WHERE s.told > $1::bigint AND s.told <= $2::bigint
    AND EXISTS (SELECT FROM unnest($3::text[]) AS own (source)
                WHERE CASE WHEN right(own.source, 1) = '*' THEN starts_with(r.source, left(own.source, -1))
                           ELSE r.source = own.source END)
    AND (cardinality($4::text[]) = 0 OR s.partnership = ANY ($4))
    AND (cardinality($5::text[]) = 0 OR s.nis = ANY ($5))
ORDER BY s.told
LIMIT $6::bigint
