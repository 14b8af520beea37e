-- The last proposal of two people in a programme.
SELECT proposal_id, state FROM proposal
WHERE programme = $1::text AND newcomer_id = $2::uuid AND volunteer_id = $3::uuid
ORDER BY proposed DESC, proposal_id DESC
LIMIT 1;
