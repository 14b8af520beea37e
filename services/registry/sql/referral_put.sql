INSERT INTO referral (referral_id, person_id, partner_type, reason, at)
VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::timestamptz)
