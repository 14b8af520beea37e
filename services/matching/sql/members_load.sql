-- Everyone on or off the lists, or those of one programme.
SELECT
    person_id, programme, side, capacity, waiting, waiting_id, since, entered, credit_us
FROM member
WHERE $1::text IS NULL OR programme = $1
ORDER BY person_id, programme, side;
