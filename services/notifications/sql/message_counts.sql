SELECT partnership, language, channel, state, count(*)
FROM every_message
WHERE ($1::text IS NULL OR partnership = $1)
  AND ($2::date IS NULL OR queued >= $2::date::timestamp AT TIME ZONE 'Europe/Brussels')
  AND ($3::date IS NULL OR queued < ($3::date + 1)::timestamp AT TIME ZONE 'Europe/Brussels')
GROUP BY partnership, language, channel, state
ORDER BY partnership, language, channel, state
LIMIT $4
