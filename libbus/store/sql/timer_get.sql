SELECT due FROM timer WHERE name = $1 AND key = $2
