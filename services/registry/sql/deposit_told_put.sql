INSERT INTO deposit_told (deposit_id, digest, told) VALUES ($1::uuid, $2::bytea, $3::timestamptz)
ON CONFLICT (deposit_id) DO UPDATE SET digest = EXCLUDED.digest, told = EXCLUDED.told
