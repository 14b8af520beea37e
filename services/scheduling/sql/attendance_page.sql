-- $1 session, $2 partnership, $3 the last one of the page before, $4 how many.
SELECT a.person_id, a.present, a.enrolled
FROM attendance AS a JOIN session AS d USING (session_id) JOIN series AS s USING (series_id)
WHERE a.session_id = $1 AND ($2::text IS NULL OR s.partnership = $2) AND ($3::uuid IS NULL OR a.person_id > $3)
ORDER BY a.person_id
LIMIT $4::bigint
