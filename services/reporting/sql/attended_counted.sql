-- What was counted from the `attended` that holds no longer, persons last. A line does not name its session; of two on one day of
-- one programme, equally long, either stands for the other: $1 partnership, $2 day, $3 programme, $4 the type, $5 the person, $6 hours.
WITH told AS (
    SELECT a.event_id
    FROM result AS a
    WHERE a.partnership = $1 AND a.on_date = DATE '1970-01-01' + $2::integer AND a.programme = $3 AND a.event_type = $4
      AND a.figure = 'practice-attendances' AND a.kind = 'counted'
      AND (a.about = $5::uuid::text OR a.about IN (SELECT person_id::text FROM person WHERE merged_into = $5::uuid))
      AND ($6::bigint = 0 OR EXISTS (SELECT FROM result AS h
                                     WHERE h.partnership = $1 AND h.on_date = a.on_date AND h.figure = 'hours'
                                       AND h.kind = 'counted' AND h.event_id = a.event_id AND h.amount_e2 = $6))
    ORDER BY a.amount_e2 + coalesce((SELECT sum(c.amount_e2) FROM result AS c
                                     WHERE c.result_id = a.line_id AND c.kind = 'corrected'), 0) DESC, a.seq DESC
    LIMIT 1
)
SELECT r.line_id, r.figure = 'practice-persons'
FROM result AS r JOIN told USING (event_id)
WHERE r.partnership = $1 AND r.on_date = DATE '1970-01-01' + $2::integer AND r.kind = 'counted'
ORDER BY 2, r.line_id
