-- Who last fulfilled a request of this person in a programme.
SELECT buddy_id FROM help_request
WHERE programme = $1::text AND person_id = $2::uuid AND state = 'fulfilled'
ORDER BY ended DESC, request_id DESC
LIMIT 1;
