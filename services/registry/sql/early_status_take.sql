DELETE FROM early_status WHERE source = $1::text AND external_person = $2::text
RETURNING partnership, nis, partner_type, status, to_char(since, 'YYYY-MM-DD'), postcode
