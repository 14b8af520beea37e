INSERT INTO proposal (proposal_id, partnership, programme, newcomer_id, volunteer_id, nis, state, proposed)
VALUES ($1, $2, $3, $4, $5, $6, 'accepted', $7)
ON CONFLICT (proposal_id) DO NOTHING
