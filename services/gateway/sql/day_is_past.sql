-- By the day in Belgium, as a token's expiry counts.
SELECT $1::date < ($2::timestamptz AT TIME ZONE 'Europe/Brussels')::date
