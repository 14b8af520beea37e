-- What $1 has, and what $2 has in the same series; and whether $1's is the better: a place beats a wait, then who came first.
SELECT d.series_id, d.state, k.state,
    k.state IS NULL OR (d.state = 'waiting', d.position) < (k.state = 'waiting', k.position)
FROM enrolment d
LEFT JOIN enrolment k ON k.series_id = d.series_id AND k.person_id = $2
WHERE d.person_id = $1
ORDER BY d.series_id
