SELECT EXISTS (SELECT FROM intake WHERE intake_id = $1::uuid)
