-- A proposal, if it fits whatever else was given, with its planned meeting.
SELECT p.proposal_id, p.partnership, p.programme, p.newcomer_id, p.volunteer_id, p.nis, p.state = 'accepted',
       m.meeting_id, m.at, m.duration_minutes, m.place_kind, p.proposed
FROM proposal p
LEFT JOIN meeting m ON m.proposal_id = p.proposal_id AND m.state = 'planned'
WHERE p.proposal_id = $1::uuid
  AND ($2::text IS NULL OR p.programme = $2)
  AND ($3::uuid IS NULL OR p.newcomer_id = COALESCE((SELECT keep_id FROM gone WHERE person_id = $3), $3))
  AND ($4::uuid IS NULL OR p.volunteer_id = COALESCE((SELECT keep_id FROM gone WHERE person_id = $4), $4))
