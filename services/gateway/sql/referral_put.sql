INSERT INTO referral (referral_id, digest) VALUES ($1::uuid, $2::bytea)
ON CONFLICT (referral_id) DO NOTHING
