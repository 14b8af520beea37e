DELETE FROM attempt WHERE source = $1 AND seq <= $2::bigint
