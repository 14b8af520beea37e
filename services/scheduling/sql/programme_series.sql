-- The series of a programme that go on after a day, in the order in which they were made.
SELECT series_id FROM series WHERE programme = $1 AND (until IS NULL OR until > $2::date) ORDER BY series_id
