-- Who has a place before who waits, in the order they came; the cursor is (series, state, position) of the last row.
SELECT e.series_id, e.person_id, s.partnership, s.programme, s.nis, e.state, e.since, e.position,
       (SELECT count(*) FROM enrolment w
        WHERE w.series_id = e.series_id AND w.state = 'waiting' AND w.position <= e.position),
       (SELECT count(*) FROM attendance a JOIN session d ON d.session_id = a.session_id
        WHERE d.series_id = e.series_id AND a.person_id = e.person_id AND a.present),
       (SELECT count(*) FROM attendance a JOIN session d ON d.session_id = a.session_id
        WHERE d.series_id = e.series_id AND a.person_id = e.person_id AND NOT a.present)
FROM enrolment e
JOIN series s ON s.series_id = e.series_id
WHERE ($1::uuid IS NULL OR e.series_id = $1)
  AND ($2::uuid IS NULL OR e.person_id = COALESCE((SELECT keep_id FROM gone WHERE person_id = $2), $2))
  AND ($3::text IS NULL OR e.state = $3)
  AND ($8::text IS NULL OR s.partnership = $8)
  AND ($4::uuid IS NULL OR (e.series_id, e.state COLLATE "C", e.position) > ($4, $5::text COLLATE "C", $6::bigint))
ORDER BY e.series_id, e.state COLLATE "C", e.position
LIMIT $7
