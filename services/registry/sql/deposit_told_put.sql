INSERT INTO deposit_told (deposit_id, digest, told, person_id) VALUES ($1::uuid, $2::bytea, $3::timestamptz, $4::uuid)
ON CONFLICT (deposit_id) DO UPDATE SET digest = EXCLUDED.digest, told = EXCLUDED.told, person_id = EXCLUDED.person_id
