-- Whether deposit $1 is here, and who its number ($2), mail ($3) or phone ($4) with the name ($5) belongs to: someone
-- known, or someone whose own deposit still waits. A number says more than a mail address, that more than a phone.
SELECT EXISTS (SELECT FROM deposit WHERE deposit_id = $1::uuid),
    (SELECT person_id
     FROM (SELECT person_id, insz_hash, email_key, name_key, 0 AS waits FROM person_private
           WHERE insz_hash = $2::bytea OR (name_key = $5::text AND (email_key = $3::text OR phone = $4::text))
           UNION ALL
           SELECT person_id, insz_hash, email_key, name_key, 1 FROM deposit
           WHERE insz_hash = $2 OR (name_key = $5 AND (email_key = $3 OR phone = $4))) AS found
     ORDER BY insz_hash = $2 DESC NULLS LAST, email_key = $3 DESC NULLS LAST, waits, person_id
     LIMIT 1)
