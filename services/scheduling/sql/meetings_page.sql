-- In order of time; the cursor is the (at, meeting_id) of the last row of the page before. Days are days in Belgium.
SELECT m.meeting_id, m.proposal_id, p.partnership, p.programme, p.newcomer_id, p.volunteer_id, p.nis, m.state, m.at,
       m.duration_minutes, m.place_kind, m.outcome, m.reason
FROM meeting m
JOIN proposal p ON p.proposal_id = m.proposal_id
CROSS JOIN (SELECT COALESCE((SELECT keep_id FROM gone WHERE person_id = $3), $3) AS person_id) who
WHERE ($1::text IS NULL OR p.partnership = $1)
  AND ($2::text IS NULL OR p.programme = $2)
  AND ($3::uuid IS NULL OR p.newcomer_id = who.person_id OR p.volunteer_id = who.person_id)
  AND ($4::uuid IS NULL OR m.proposal_id = $4)
  AND ($5::text IS NULL OR m.state = $5)
  AND m.at >= $6::date::timestamp AT TIME ZONE 'Europe/Brussels'
  AND ($7::date IS NULL OR m.at < ($7::date + 1)::timestamp AT TIME ZONE 'Europe/Brussels')
  AND ($8::timestamptz IS NULL OR (m.at, m.meeting_id) > ($8, $9::uuid))
ORDER BY m.at, m.meeting_id
LIMIT $10
