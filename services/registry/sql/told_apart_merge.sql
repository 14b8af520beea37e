-- Who is not the one that $2 was, is not $1 either.
WITH dropped AS (
    DELETE FROM told_apart WHERE one = $2::uuid OR other = $2
    RETURNING CASE WHEN one = $2 THEN other ELSE one END AS id
)
INSERT INTO told_apart (one, other)
SELECT least(id, $1::uuid), greatest(id, $1) FROM dropped WHERE id <> $1
ON CONFLICT DO NOTHING
