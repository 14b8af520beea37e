SELECT counter FROM calendar_link WHERE person_id = $1
