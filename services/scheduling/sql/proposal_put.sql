-- Under the ids that the two have now: a merge may be read before what matching said of the entry that is dropped. No row
-- where it is known already, or one of them was erased.
INSERT INTO proposal (proposal_id, partnership, programme, newcomer_id, volunteer_id, nis, state, proposed)
SELECT $1::uuid, $2::text, $3::text, COALESCE(n.keep_id, $4::uuid), COALESCE(v.keep_id, $5::uuid), $6::text, 'accepted',
    $7::timestamptz
FROM (SELECT) one
LEFT JOIN gone n ON n.person_id = $4
LEFT JOIN gone v ON v.person_id = $5
WHERE (n.person_id IS NULL OR n.keep_id IS NOT NULL) AND (v.person_id IS NULL OR v.keep_id IS NOT NULL)
ON CONFLICT (proposal_id) DO NOTHING
RETURNING newcomer_id, volunteer_id
