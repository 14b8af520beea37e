UPDATE series SET next_position = next_position + 1 WHERE series_id = $1
