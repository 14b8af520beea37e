-- Newest first; the cursor is the (created, id) of the last row of the page before.
SELECT token_id, name, scopes, nis, partnerships, created, to_char(expires, 'YYYY-MM-DD'), revoked, sources
FROM token
WHERE ($1::text IS NULL OR name = $1)
  AND ($2::boolean OR (revoked IS NULL AND (expires IS NULL OR expires >= ($3::timestamptz AT TIME ZONE 'Europe/Brussels')::date)))
  AND ($4::timestamptz IS NULL OR (created, token_id) < ($4, $5::uuid))
ORDER BY created DESC, token_id DESC
LIMIT $6
