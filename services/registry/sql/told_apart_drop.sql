-- Told: whether it was said.
DELETE FROM told_apart WHERE one = least($1::uuid, $2::uuid) AND other = greatest($1, $2) RETURNING one
