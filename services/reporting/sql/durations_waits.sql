-- Waits that ended in a duo or in help within the period, and those that went on at its end ($3). The median
-- comes in halves: of an even number it is the mean of the middle two. Of a closed year ($6) what was known when it was
-- closed.
WITH known AS (
    SELECT (SELECT known FROM closed_report WHERE partnership = $1 AND project_year = $6) AS seq
), told AS (
    SELECT programme, side, since, outcome, CASE WHEN coalesce(ended_seq <= seq, true) THEN until END AS until
    FROM wait, known
    WHERE partnership = $1 AND since < $3 AND coalesce(began_seq <= seq, true)
      AND ($4::text IS NULL OR programme = $4) AND ($5::text IS NULL OR nis = $5)
), waited AS (
    SELECT programme, side, false AS waiting_now, since, until
    FROM told
    WHERE outcome IN ('duo', 'help') AND until >= $2 AND until < $3
    UNION ALL
    SELECT programme, side, true, since, $3 - interval '1 microsecond'
    FROM told
    WHERE until IS NULL OR until >= $3
), counted AS (
    SELECT programme, side, waiting_now, greatest(0, (until AT TIME ZONE 'Europe/Brussels')::date - (since AT TIME ZONE 'Europe/Brussels')::date)::bigint AS days
    FROM waited
)
SELECT programme, side, waiting_now, count(*), sum(days)::bigint,
       (2 * percentile_cont(0.5) WITHIN GROUP (ORDER BY days))::bigint, percentile_disc(0.9) WITHIN GROUP (ORDER BY days)
FROM counted
GROUP BY programme, side, waiting_now
ORDER BY programme, side, waiting_now
