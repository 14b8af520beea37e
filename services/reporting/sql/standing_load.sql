-- What runs now: duos and waits. The two kinds of id never meet, as each is a UUID.
SELECT duo_id, nis, started, distance_m, action FROM duo WHERE ended IS NULL
UNION ALL
SELECT waiting_id, nis, since, NULL, action FROM wait WHERE until IS NULL
ORDER BY 1
