-- How a duo ended, to tell who asks too late.
SELECT state FROM duo WHERE duo_id = $1::uuid ORDER BY duo_id;
