-- Requests not ended, the oldest first.
SELECT
    request_id, programme, partnership, person_id, topic, nis, state, buddy_id, opened, assigned, ended,
    hours, drop_reason
FROM help_request
WHERE state IN ('open', 'assigned') AND ($1::text IS NULL OR programme = $1)
ORDER BY opened, request_id;
