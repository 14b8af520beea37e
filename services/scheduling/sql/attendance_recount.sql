-- Added to what stands: of who was erased since there is no row any more, and they stay counted.
UPDATE session SET attended_n = attended_n + $2, missed_n = missed_n + $3 WHERE session_id = $1
