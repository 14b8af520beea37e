-- All that is needed to place a referral: $1 its id, $2 its deposit, $3 and $4 the sender and their reference.
SELECT EXISTS (SELECT FROM referral WHERE referral_id = $1::uuid),
    (SELECT person_id FROM partner_link WHERE source = $3::text AND external_person = $4::text),
    d.person_id, d.channel, d.first_name, d.last_name, d.email, d.phone, d.street, d.insz_hash,
    EXISTS (SELECT FROM early_status WHERE source = $3 AND external_person = $4)
FROM (SELECT) AS one
    LEFT JOIN deposit AS d ON d.deposit_id = $2::uuid
