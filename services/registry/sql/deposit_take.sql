-- What came with deposit $1 is of who is linked to referral $2; of who is erased nothing is kept.
WITH told AS (
    UPDATE deposit_told AS t
    SET person_id = p.person_id, digest = CASE WHEN p.state = 'erased' THEN '' ELSE t.digest END
    FROM referral AS r JOIN person AS p USING (person_id)
    WHERE t.deposit_id = $1::uuid AND r.referral_id = $2::uuid
)
DELETE FROM deposit WHERE deposit_id = $1
