-- How a duo ended, to tell who asks too late and may hear it.
SELECT state, partnership, nis FROM duo WHERE duo_id = $1::uuid ORDER BY duo_id;
