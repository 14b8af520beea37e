-- The duos under a figure of durations_duos (of a closed year, $11, as there), with the events that began and ended them.
WITH ended AS (
    SELECT duo_id, programme, nis, reason, width_bucket(distance_m, $8::bigint[]) + 1 AS band, started, ended, stream,
           began_seq, began_event, ended_seq, ended_event,
           greatest(0, (ended AT TIME ZONE 'Europe/Brussels')::date - (started AT TIME ZONE 'Europe/Brussels')::date)::bigint AS days
    FROM duo
    WHERE partnership = $1 AND ended >= $2 AND ended < $3
      AND coalesce(ended_seq <= (SELECT known FROM closed_report WHERE partnership = $1 AND project_year = $11), true)
      AND ($4::text IS NULL OR programme = $4) AND ($5::text IS NULL OR nis = $5)
      AND ($6::text IS NULL OR reason = $6)
      AND ($7::bigint IS NULL OR width_bucket(distance_m, $8::bigint[]) + 1 = $7)
)
SELECT duo_id, programme, nis, NULL::text, reason, coalesce(band, 0)::bigint, days, stream, began_seq, began_event, started,
       ended_seq, ended_event, ended, (SELECT count(*) FROM ended)
FROM ended
WHERE $9::uuid IS NULL OR duo_id > $9
ORDER BY duo_id
LIMIT $10
