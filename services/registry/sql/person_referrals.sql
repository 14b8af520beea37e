SELECT referral_id, partner_type, reason, at FROM referral
WHERE person_id = $1::uuid
ORDER BY at DESC, referral_id
LIMIT 100
