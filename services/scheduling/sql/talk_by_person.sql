SELECT p.proposal_id, p.partnership, p.programme, p.newcomer_id, p.volunteer_id, p.nis, p.state = 'accepted',
       m.meeting_id, m.at, m.duration_minutes, m.place_kind, p.proposed
FROM proposal p
LEFT JOIN meeting m ON m.proposal_id = p.proposal_id AND m.state = 'planned'
WHERE (p.newcomer_id = $1 OR p.volunteer_id = $1) AND p.state = 'accepted'
ORDER BY p.proposal_id
