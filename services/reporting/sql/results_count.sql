SELECT count(*) FROM result WHERE partnership = $1 AND project_year = $2 AND kind = 'counted' AND NOT late
