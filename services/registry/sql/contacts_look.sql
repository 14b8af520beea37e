SELECT asked_id, person_id, preferred_language, channel, erased, may, first_name, email, phone
FROM contacts_of($1::uuid[])
