SELECT person_id, keep_id FROM gone WHERE person_id = ANY ($1::uuid[]) ORDER BY person_id
