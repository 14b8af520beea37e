INSERT INTO meeting (meeting_id, proposal_id, at, duration_minutes, place_kind, state, changed)
VALUES ($1, $2, $3, $4, $5, 'planned', $6)
