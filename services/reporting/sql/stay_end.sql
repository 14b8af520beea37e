-- Told: the wait that ran in it.
DELETE FROM stay WHERE waiting_id = $1 RETURNING wait_id
