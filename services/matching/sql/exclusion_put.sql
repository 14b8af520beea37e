-- bulk
-- The whole row as it is now; of several in one batch the last counts.
INSERT INTO exclusion (
    newcomer_id, volunteer_id, declined, ended, rests_until)
SELECT DISTINCT ON (newcomer_id, volunteer_id)
    newcomer_id, volunteer_id, declined, ended, rests_until
FROM unnest(
    $1::uuid[], $2::uuid[], $3::boolean[], $4::boolean[], $5::timestamptz[]
) WITH ORDINALITY AS given (
    newcomer_id, volunteer_id, declined, ended, rests_until, place)
ORDER BY newcomer_id, volunteer_id, place DESC
ON CONFLICT (newcomer_id, volunteer_id) DO UPDATE SET
    declined = excluded.declined, ended = excluded.ended, rests_until = excluded.rests_until;
