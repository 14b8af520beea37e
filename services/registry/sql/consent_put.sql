INSERT INTO consent (person_id, purpose, given, at) VALUES ($1::uuid, $2::text, $3::boolean, $4::timestamptz)
ON CONFLICT (person_id, purpose) DO UPDATE SET given = EXCLUDED.given, at = EXCLUDED.at
