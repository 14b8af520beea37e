-- Who was merged into the one that is dropped now goes along.
INSERT INTO person (person_id, merged_into)
SELECT $2, $1::uuid
UNION ALL
SELECT person_id, $1::uuid FROM person WHERE merged_into = $2 AND person_id <> $1
ON CONFLICT (person_id) DO UPDATE SET nis = NULL, merged_into = excluded.merged_into
