-- Whether deposit $1 is here, and who its number ($2), mail ($3) or phone ($4) with the name ($5) belongs to: someone
-- known, or someone whose own deposit still waits. A number says more than a mail address, that more than a phone.
-- Only people of partnership $6, where one is named: to tell another's is no sender's business.
SELECT EXISTS (SELECT FROM deposit WHERE deposit_id = $1::uuid),
    (SELECT person_id
     FROM (SELECT person_id, insz_hash, email_key, name_key, 0 AS waits
           FROM person_private JOIN person USING (person_id)
           WHERE (insz_hash = $2::bytea OR (name_key = $5::text AND (email_key = $3::text OR phone = $4::text)))
               AND ($6::text IS NULL OR partnership = $6)
           UNION ALL
           SELECT person_id, insz_hash, email_key, name_key, 1 FROM deposit
           WHERE insz_hash = $2 OR (name_key = $5 AND (email_key = $3 OR phone = $4))) AS found
     ORDER BY insz_hash = $2 DESC NULLS LAST, email_key = $3 DESC NULLS LAST, waits, person_id
     LIMIT 1)
