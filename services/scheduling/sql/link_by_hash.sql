-- Whose calendar it opens now: a link of who was merged into another opens the other's.
SELECT COALESCE(g.keep_id, l.person_id)
FROM calendar_link l
LEFT JOIN gone g ON g.person_id = l.person_id
WHERE l.hash = $1 AND (g.person_id IS NULL OR g.keep_id IS NOT NULL)
