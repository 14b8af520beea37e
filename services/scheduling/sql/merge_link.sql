WITH moved AS (
    UPDATE calendar_link SET person_id = $2
    WHERE person_id = $1 AND NOT EXISTS (SELECT FROM calendar_link WHERE person_id = $2)
)
DELETE FROM calendar_link
WHERE person_id = $1 AND EXISTS (SELECT FROM calendar_link WHERE person_id = $2)
