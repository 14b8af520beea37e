SELECT waiting_id, partnership, nis, wait_id FROM stay WHERE person_id = $1 AND programme = $2 ORDER BY waiting_id
