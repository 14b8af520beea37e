-- Whom sender $1 means, and whether it meant, by a reference of digest $3, somebody who was erased.
SELECT (SELECT person_id FROM partner_link WHERE source = $1::text AND external_person = $2::text),
    EXISTS (SELECT FROM reference_erased WHERE digest = $3::bytea)
