-- What was told by $1, and asked for by no referral since. When the oldest that is left was told.
WITH forgotten AS (DELETE FROM early_status WHERE told <= $1::timestamptz)
SELECT min(told) FROM early_status WHERE told > $1
