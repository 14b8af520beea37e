-- What was told by $1, and asked for by no referral since. When the oldest that is left was told, and how many went.
WITH forgotten AS (DELETE FROM early_status WHERE told <= $1::timestamptz RETURNING 1)
SELECT min(told), (SELECT count(*) FROM forgotten) FROM early_status WHERE told > $1
