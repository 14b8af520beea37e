-- What the edge needs to judge a request; expiry counts by the day in Belgium.
SELECT token_id, name, scopes, nis, partnerships, sources
FROM token
WHERE hash = $1 AND revoked IS NULL AND (expires IS NULL OR expires >= ($2::timestamptz AT TIME ZONE 'Europe/Brussels')::date)
