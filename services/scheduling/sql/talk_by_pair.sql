-- Accepted proposals of a programme with this newcomer, this volunteer, or both; each with its planned meeting.
WITH who AS (SELECT COALESCE((SELECT keep_id FROM gone WHERE person_id = $2::uuid), $2) AS newcomer_id,
                    COALESCE((SELECT keep_id FROM gone WHERE person_id = $3::uuid), $3) AS volunteer_id),
     theirs AS (SELECT n.proposal_id FROM who JOIN proposal n ON n.newcomer_id = who.newcomer_id
                WHERE who.volunteer_id IS NULL OR n.volunteer_id = who.volunteer_id
                UNION ALL
                SELECT v.proposal_id FROM who JOIN proposal v ON v.volunteer_id = who.volunteer_id
                WHERE who.newcomer_id IS NULL)
SELECT p.proposal_id, p.partnership, p.programme, p.newcomer_id, p.volunteer_id, p.nis, p.state = 'accepted',
       m.meeting_id, m.at, m.duration_minutes, m.place_kind, p.proposed
FROM theirs
JOIN proposal p ON p.proposal_id = theirs.proposal_id
LEFT JOIN meeting m ON m.proposal_id = p.proposal_id AND m.state = 'planned'
WHERE p.programme = $1::text AND p.state = 'accepted'
ORDER BY p.proposal_id
LIMIT 2
