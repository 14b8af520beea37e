-- What was kept back of person $1 is told now, in the order in which it happened, if they agreed.
UPDATE referral_step AS s
SET told = coalesce((SELECT max(told) FROM referral_step), 0) + kept.nth
FROM (
    SELECT k.n, row_number() OVER (ORDER BY k.n) AS nth
    FROM partner_consent AS c JOIN referral AS r USING (person_id) JOIN referral_step AS k USING (referral_id)
    WHERE c.person_id = $1::uuid AND c.agreed AND k.told IS NULL
) AS kept
WHERE s.n = kept.n
