SELECT intake_id FROM intake ORDER BY intake_id DESC LIMIT 1
