-- In order of time; the cursor is the (at, session_id) of the last row of the page before.
SELECT d.session_id, d.series_id, s.partnership, s.programme, s.nis, s.title, d.state, d.at, s.duration_minutes,
       s.venue, s.capacity,
       (SELECT count(*) FROM enrolment e WHERE e.series_id = s.series_id AND e.state = 'enrolled'),
       (SELECT count(*) FROM enrolment e WHERE e.series_id = s.series_id AND e.state = 'waiting'),
       d.attended_n, d.guests, d.hours, d.cancel_reason
FROM session d
JOIN series s ON s.series_id = d.series_id
WHERE ($1::text IS NULL OR s.partnership = $1)
  AND ($2::text IS NULL OR s.programme = $2)
  AND ($3::uuid IS NULL OR s.series_id = $3)
  AND ($4::uuid IS NULL OR EXISTS (
        SELECT FROM enrolment own
        WHERE own.series_id = s.series_id AND own.state = 'enrolled'
          AND own.person_id = COALESCE((SELECT keep_id FROM gone WHERE person_id = $4), $4)))
  AND ($5::text IS NULL OR s.nis = $5)
  AND ($6::text IS NULL OR d.state = $6)
  AND d.on_date >= $7::date
  AND ($8::date IS NULL OR d.on_date <= $8::date)
  AND ($9::timestamptz IS NULL OR (d.at, d.session_id) > ($9, $10::uuid))
ORDER BY d.at, d.session_id
LIMIT $11
