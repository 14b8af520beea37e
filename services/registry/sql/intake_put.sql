INSERT INTO intake (intake_id, person_id, programme, side, at) VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::timestamptz)
