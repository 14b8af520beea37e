UPDATE series SET scheduled_to = $2::date WHERE series_id = $1
