-- What person $1 agrees to, which entries were merged into theirs, and whether they are a newcomer.
SELECT coalesce((SELECT array_agg(purpose ORDER BY purpose) FROM consent WHERE person_id = $1::uuid AND given), '{}'),
    coalesce((SELECT array_agg(m.person_id ORDER BY m.person_id)
              FROM (SELECT person_id FROM person WHERE merged_into = $1 ORDER BY person_id LIMIT 20) AS m), '{}'),
    EXISTS (SELECT FROM intake WHERE person_id = $1 AND side = 'newcomer')
