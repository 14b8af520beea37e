-- The first attendance of each programme that still stands, of $4 and who was merged into them: $1 partnership, from day $2 to day $3.
SELECT programme, nis, (on_date - DATE '1970-01-01')::bigint, stream, seq, event_id, event_type, at, about
FROM (SELECT DISTINCT ON (programme) *
      FROM result AS r
      WHERE partnership = $1 AND on_date BETWEEN DATE '1970-01-01' + $2::integer AND DATE '1970-01-01' + $3::integer
        AND figure = 'practice-attendances' AND kind = 'counted'
        AND (about = $4::uuid::text OR about IN (SELECT person_id::text FROM person WHERE merged_into = $4::uuid))
        AND amount_e2 + coalesce((SELECT sum(c.amount_e2) FROM result AS c
                                  WHERE c.result_id = r.line_id AND c.kind = 'corrected'), 0) > 0
      ORDER BY programme, on_date, seq) AS first
ORDER BY on_date, seq
