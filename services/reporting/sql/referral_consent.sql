INSERT INTO partner_consent (person_id, agreed) VALUES ($1::uuid, $2::boolean)
ON CONFLICT (person_id) DO UPDATE SET agreed = excluded.agreed
