SELECT session_id, series_id, to_char(on_date, 'YYYY-MM-DD'), at, state
FROM session
WHERE series_id = $1 AND on_date > $2::date AND state = 'scheduled'
ORDER BY on_date
