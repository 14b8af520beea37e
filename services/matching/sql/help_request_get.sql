-- How a request ended, to tell who asks too late.
SELECT state FROM help_request WHERE request_id = $1::uuid ORDER BY request_id;
