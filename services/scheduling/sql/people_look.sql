-- In the order asked: the id an entry has now, whether they were erased, and whose they are, and where they live.
SELECT COALESCE(g.keep_id, asked.person_id), g.person_id IS NOT NULL AND g.keep_id IS NULL, p.partnership, p.nis
FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (person_id, n)
LEFT JOIN gone g ON g.person_id = asked.person_id
LEFT JOIN person p ON p.person_id = COALESCE(g.keep_id, asked.person_id)
ORDER BY asked.n
