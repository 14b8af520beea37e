INSERT INTO migration (module, number, name, sha256) VALUES ($1, $2::integer, $3, $4)
