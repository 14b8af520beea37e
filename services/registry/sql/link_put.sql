-- Who was erased and is referred again is somebody new.
WITH anew AS (DELETE FROM reference_erased WHERE digest = $4::bytea)
INSERT INTO partner_link (source, external_person, person_id) VALUES ($1::text, $2::text, $3::uuid)
ON CONFLICT (source, external_person) DO UPDATE SET person_id = EXCLUDED.person_id
