SELECT DISTINCT programme FROM stay WHERE person_id = $1 ORDER BY programme
