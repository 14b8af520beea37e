-- A series with how full it is, the days that exist beyond scheduled_to, and what $2 has in it.
SELECT s.series_id, s.partnership, s.programme, s.nis, s.title, s.rrule, s.timezone, s.starts, s.duration_minutes,
       s.capacity, s.venue, to_char(s.until, 'YYYY-MM-DD'), to_char(s.scheduled_to, 'YYYY-MM-DD'), s.next_position,
       (SELECT count(*) FROM enrolment e WHERE e.series_id = s.series_id AND e.state = 'enrolled'),
       (SELECT count(*) FROM enrolment e WHERE e.series_id = s.series_id AND e.state = 'waiting'),
       ARRAY(SELECT to_char(d.on_date, 'YYYY-MM-DD') FROM session d
             WHERE d.series_id = s.series_id AND d.on_date > s.scheduled_to ORDER BY d.on_date),
       own.state,
       (SELECT count(*) FROM enrolment w
        WHERE w.series_id = s.series_id AND w.state = 'waiting' AND w.position <= own.position)
FROM series s
LEFT JOIN enrolment own ON own.series_id = s.series_id AND own.person_id = $2
WHERE s.series_id = $1
