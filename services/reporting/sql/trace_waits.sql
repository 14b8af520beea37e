-- The waits under a figure of durations_waits (of a closed year, $10, as there): those that ended in a duo or in help
-- within the period, or ($7) those that went on at its end, whose own end came later if at all.
WITH known AS (
    SELECT (SELECT known FROM closed_report WHERE partnership = $1 AND project_year = $10) AS seq
), told AS (
    SELECT waiting_id, programme, nis, side, since, outcome, stream, began_seq, began_event, ended_seq, ended_event,
           CASE WHEN coalesce(ended_seq <= seq, true) THEN until END AS until
    FROM wait, known
    WHERE partnership = $1 AND since < $3 AND coalesce(began_seq <= seq, true)
      AND ($4::text IS NULL OR programme = $4) AND ($5::text IS NULL OR nis = $5)
      AND ($6::text IS NULL OR side = $6)
), waited AS (
    SELECT waiting_id, programme, nis, side, since, CASE WHEN NOT $7::boolean THEN until END AS until, stream,
           began_seq, began_event, ended_seq, ended_event,
           greatest(0, (CASE WHEN $7 THEN $3 - interval '1 microsecond' ELSE until END AT TIME ZONE 'Europe/Brussels')::date - (since AT TIME ZONE 'Europe/Brussels')::date)::bigint AS days
    FROM told
    WHERE CASE WHEN $7 THEN until IS NULL OR until >= $3
               ELSE outcome IN ('duo', 'help') AND until >= $2 AND until < $3 END
)
SELECT waiting_id, programme, nis, side, NULL::text, 0::bigint, days, stream, began_seq, began_event, since,
       CASE WHEN until IS NOT NULL THEN ended_seq END, ended_event, until, (SELECT count(*) FROM waited)
FROM waited
WHERE $8::uuid IS NULL OR waiting_id > $8
ORDER BY waiting_id
LIMIT $9
