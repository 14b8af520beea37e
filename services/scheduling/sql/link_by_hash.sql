SELECT person_id FROM calendar_link WHERE hash = $1
