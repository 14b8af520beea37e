WITH moved AS (
    UPDATE attendance a SET person_id = $2
    WHERE a.person_id = $1
      AND NOT EXISTS (SELECT FROM attendance k WHERE k.session_id = a.session_id AND k.person_id = $2)
)
DELETE FROM attendance a
WHERE a.person_id = $1 AND EXISTS (SELECT FROM attendance k WHERE k.session_id = a.session_id AND k.person_id = $2)
