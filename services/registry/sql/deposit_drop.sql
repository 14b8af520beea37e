-- Its event never came, or will not be handled.
WITH told AS (
    DELETE FROM deposit_told WHERE deposit_id = $1::uuid
)
DELETE FROM deposit WHERE deposit_id = $1
