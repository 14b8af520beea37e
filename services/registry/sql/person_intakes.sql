SELECT intake_id, programme, side, at FROM intake WHERE person_id = $1::uuid ORDER BY at DESC, intake_id LIMIT 100
