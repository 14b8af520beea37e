UPDATE programme SET ended_on = $2::date WHERE programme = $1
