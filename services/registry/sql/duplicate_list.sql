-- Pairs that have something in common: $1 partnership, $2 the ground as a bit, $3 to $5 the last pair of the page before
-- ($3 its grounds, 16 at the first page), $6 how many, $7 whether both must be of the partnership, $8 whether they were told apart.
-- Bits: 8 national number, 4 e-mail, 2 phone, 1 name.
SELECT one, other, partnership, grounds
FROM (
    (SELECT * FROM alike AS a
     WHERE partnership = $1::text AND (- grounds, one, other) > (- $3::bigint, $4::uuid, $5::uuid)
         AND - grounds <= - $2::bigint AND ($2 = 0 OR grounds & $2 <> 0) AND (NOT $7::boolean OR other_partnership = partnership)
         AND EXISTS (SELECT FROM told_apart AS t WHERE t.one = least(a.one, a.other) AND t.other = greatest(a.one, a.other)) = $8::boolean
     ORDER BY - grounds, one, other LIMIT $6::bigint)
    UNION ALL
    (SELECT * FROM alike AS a
     WHERE other_partnership = $1 AND other_partnership <> partnership AND (- grounds, one, other) > (- $3, $4, $5)
         AND - grounds <= - $2 AND ($2 = 0 OR grounds & $2 <> 0) AND NOT $7
         AND EXISTS (SELECT FROM told_apart AS t WHERE t.one = least(a.one, a.other) AND t.other = greatest(a.one, a.other)) = $8::boolean
     ORDER BY - grounds, one, other LIMIT $6)
    UNION ALL
    (SELECT * FROM alike AS a
     WHERE $1 IS NULL AND (- grounds, one, other) > (- $3, $4, $5)
         AND - grounds <= - $2 AND ($2 = 0 OR grounds & $2 <> 0) AND (NOT $7 OR other_partnership = partnership)
         AND EXISTS (SELECT FROM told_apart AS t WHERE t.one = least(a.one, a.other) AND t.other = greatest(a.one, a.other)) = $8::boolean
     ORDER BY - grounds, one, other LIMIT $6)
) AS found
ORDER BY - grounds, one, other
LIMIT $6
