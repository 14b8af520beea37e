-- The talks of a person, and the dates of the series they have a place in; a talk has no title here. A talk that was
-- recorded before its time took place already: its date falls.
SELECT m.meeting_id AS id, NULL::text, NULL::text, m.at AS at, m.duration_minutes,
       m.state = 'cancelled' OR (m.state = 'held' AND m.at > m.changed), m.revision, m.changed
FROM meeting m
JOIN proposal p ON p.proposal_id = m.proposal_id
WHERE (p.newcomer_id = $1 OR p.volunteer_id = $1) AND m.at >= $2
UNION ALL
SELECT d.session_id, s.title, s.venue, d.at, s.duration_minutes, d.state = 'cancelled', d.revision, d.changed
FROM enrolment e
JOIN series s ON s.series_id = e.series_id
JOIN session d ON d.series_id = s.series_id
WHERE e.person_id = $1 AND e.state = 'enrolled' AND d.at >= $2
ORDER BY at, id
LIMIT $3
