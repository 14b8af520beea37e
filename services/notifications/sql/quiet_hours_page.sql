SELECT partnership, quiet_from, quiet_to
FROM partnership
WHERE quiet_from IS NOT NULL AND ($1::text IS NULL OR partnership = $1) AND ($2::text IS NULL OR partnership > $2)
ORDER BY partnership
LIMIT $3
