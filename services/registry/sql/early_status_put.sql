-- What sender $1 tells of someone whom it has not referred: the last word counts. When the oldest that is kept was told.
INSERT INTO early_status (source, external_person, partnership, nis, partner_type, status, since, postcode, told)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::date, $8::text, $9::timestamptz)
ON CONFLICT (source, external_person) DO UPDATE SET partnership = EXCLUDED.partnership, nis = EXCLUDED.nis,
    partner_type = EXCLUDED.partner_type, status = EXCLUDED.status, since = EXCLUDED.since,
    postcode = EXCLUDED.postcode, told = EXCLUDED.told
RETURNING (SELECT least(min(e.told), $9) FROM early_status AS e)
