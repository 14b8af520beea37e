-- A session that was held, once for each who was there or missed it, and once with nobody where there is none.
SELECT s.hours, a.person_id, a.present, a.enrolled
FROM session AS s LEFT JOIN attendance AS a USING (session_id)
WHERE s.session_id = $1
ORDER BY a.person_id
