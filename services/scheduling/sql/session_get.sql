SELECT session_id, series_id, to_char(on_date, 'YYYY-MM-DD'), at, state
FROM session
WHERE ($1::uuid IS NOT NULL AND session_id = $1)
   OR ($1::uuid IS NULL AND series_id = $2 AND on_date = $3::date)
ORDER BY session_id
