-- What sender $1 tells of someone whom it has not referred: the last word counts. What was asked for by no referral in
-- thirty days is forgotten.
WITH forgotten AS (
    DELETE FROM early_status
    WHERE told < $9::timestamptz - interval '30 days' AND (source, external_person) <> ($1::text, $2::text)
)
INSERT INTO early_status (source, external_person, partnership, nis, partner_type, status, since, postcode, told)
VALUES ($1, $2, $3::text, $4::text, $5::text, $6::text, $7::date, $8::text, $9)
ON CONFLICT (source, external_person) DO UPDATE SET partnership = EXCLUDED.partnership, nis = EXCLUDED.nis,
    partner_type = EXCLUDED.partner_type, status = EXCLUDED.status, since = EXCLUDED.since,
    postcode = EXCLUDED.postcode, told = EXCLUDED.told
