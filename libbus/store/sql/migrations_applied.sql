SELECT number, name, sha256 FROM migration WHERE module = $1 ORDER BY number
