-- Of two answers the more careful one holds: a withdrawal wins over a consent.
WITH dropped AS (
    DELETE FROM consent WHERE person_id = $2::uuid RETURNING purpose, given, at
)
INSERT INTO consent (person_id, purpose, given, at)
SELECT $1::uuid, purpose, given, at FROM dropped
ON CONFLICT (person_id, purpose) DO UPDATE
    SET given = consent.given AND EXCLUDED.given, at = greatest(consent.at, EXCLUDED.at)
