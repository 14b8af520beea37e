-- How a request ended, to tell who asks too late and may hear it.
SELECT state, partnership, nis FROM help_request WHERE request_id = $1::uuid ORDER BY request_id;
