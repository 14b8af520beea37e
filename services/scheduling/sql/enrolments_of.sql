-- What $1 has, and what $2 has in the same series.
SELECT d.series_id, d.state, k.state
FROM enrolment d
LEFT JOIN enrolment k ON k.series_id = d.series_id AND k.person_id = $2
WHERE d.person_id = $1
ORDER BY d.series_id
