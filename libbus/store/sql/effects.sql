SELECT name, key, payload, header FROM effect ORDER BY name, key
