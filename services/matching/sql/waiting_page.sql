-- A page of who waits, longest first. All are counted without a look at who they are, unless a town is asked for.
SELECT
    waiting_id, person_id, programme.partnership, programme, side, nis, since,
    (
        SELECT count(*) FROM member AS m JOIN programme AS p USING (programme)
        WHERE m.waiting
            AND ($1::text IS NULL OR p.partnership = $1)
            AND ($2::text IS NULL OR m.programme = $2)
            AND ($3::text IS NULL OR m.side = $3)
            AND ($4::text IS NULL OR EXISTS (SELECT FROM person AS q WHERE q.person_id = m.person_id AND q.nis = $4))
            AND ($5::uuid IS NULL OR m.person_id = $5)
    ) AS total,
    (
        SELECT count(*) FROM proposal AS p
        WHERE p.newcomer_id = member.person_id AND side = 'newcomer' AND p.programme = member.programme
            AND p.state IN ('declined', 'expired') AND p.proposed >= since
    ) + (
        SELECT count(*) FROM proposal AS p
        WHERE p.volunteer_id = member.person_id AND side = 'volunteer' AND p.programme = member.programme
            AND p.state IN ('declined', 'expired') AND p.proposed >= since
    ) AS in_vain
FROM member JOIN person USING (person_id) JOIN programme USING (programme)
WHERE waiting
    AND ($1::text IS NULL OR programme.partnership = $1)
    AND ($2::text IS NULL OR programme = $2)
    AND ($3::text IS NULL OR side = $3)
    AND ($4::text IS NULL OR nis = $4)
    AND ($5::uuid IS NULL OR person_id = $5)
    AND ($6::timestamptz IS NULL OR (since, waiting_id) > ($6, $7::uuid))
ORDER BY since, waiting_id
LIMIT $8::bigint;
