-- Pairs that are not proposed: all, or of who is in one programme, as an array, which the key's index finds.
SELECT
    newcomer_id, volunteer_id, declined, ended, rests_until
FROM exclusion
WHERE (declined OR ended OR rests_until IS NOT NULL)
    AND ($1::text IS NULL OR newcomer_id = ANY (ARRAY(
        SELECT m.person_id FROM member AS m WHERE m.programme = $1)))
ORDER BY rests_until, newcomer_id, volunteer_id;
