UPDATE series SET until = $2::date WHERE series_id = $1
