UPDATE programme SET ended_on = $2::date, end_reason = $3::text WHERE programme = $1::text
