-- By title; the cursor is the id of the last row of the page before, whose title never changes.
SELECT s.series_id, s.partnership, s.programme, s.nis, s.title, s.rrule, s.timezone, s.starts, s.duration_minutes,
       s.capacity, s.venue, to_char(s.until, 'YYYY-MM-DD'),
       (SELECT count(*) FROM enrolment e WHERE e.series_id = s.series_id AND e.state = 'enrolled'),
       (SELECT count(*) FROM enrolment e WHERE e.series_id = s.series_id AND e.state = 'waiting'),
       (SELECT min(d.at) FROM session d WHERE d.series_id = s.series_id AND d.state = 'scheduled' AND d.at >= $6)
FROM series s
WHERE ($1::text IS NULL OR s.partnership = $1)
  AND ($2::text IS NULL OR s.programme = $2)
  AND ($3::uuid IS NULL OR s.series_id = $3)
  AND ($4::text IS NULL OR s.nis = $4)
  AND ($5::boolean OR s.until IS NULL OR s.until >= ($6::timestamptz AT TIME ZONE s.timezone)::date)
  AND ($7::uuid IS NULL OR (s.title COLLATE "C", s.series_id) >
        (SELECT last.title COLLATE "C", last.series_id FROM series last WHERE last.series_id = $7))
ORDER BY s.title COLLATE "C", s.series_id
LIMIT $8
