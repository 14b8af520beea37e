-- Who a number ($1), mail ($2) or phone ($3) with the name ($4) belongs to: someone known, or someone whose own deposit
-- still waits. A number says more than a mail address, that more than a phone. Only people of partnership $5, where one
-- is named: to tell another's is no sender's business.
SELECT person_id
FROM (SELECT person_id, insz_hash, email_key, name_key, 0 AS waits
      FROM person_private
      WHERE (insz_hash = $1::bytea OR (name_key = $4::text AND (email_key = $2::text OR phone = $3::text)))
          AND ($5::text IS NULL OR partnership = $5)
      UNION ALL
      SELECT person_id, insz_hash, email_key, name_key, 1 FROM deposit
      WHERE insz_hash = $1 OR (name_key = $4 AND (email_key = $2 OR phone = $3))) AS found
ORDER BY insz_hash = $1 DESC NULLS LAST, email_key = $2 DESC NULLS LAST, waits, person_id
LIMIT 1
