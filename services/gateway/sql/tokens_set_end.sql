-- The tokens that the setting held before: their ids are derived from the secret, in the first millisecond of all time. One that
-- was revoked stays, so that the same secret does not come back to life.
DELETE FROM token
WHERE name = 'developer' AND token_id < '00000000-0000-8000-0000-000000000000' AND token_id <> $1::uuid AND revoked IS NULL
