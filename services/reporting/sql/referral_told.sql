-- When step $1 was, of those that are told; and the last of these.
SELECT (SELECT at FROM referral_step WHERE told = $1::bigint), last.told, last.at
FROM (SELECT) AS one LEFT JOIN (SELECT told, at FROM referral_step WHERE told IS NOT NULL ORDER BY told DESC LIMIT 1) AS last ON true
