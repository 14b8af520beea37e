-- Waits that ended in a duo or in help within the period, and those that went on at its end ($3). The median
-- comes in halves: of an even number it is the mean of the middle two.
WITH waited AS (
    SELECT programme, side, false AS waiting_now, until - since AS time
    FROM wait
    WHERE partnership = $1 AND outcome IN ('duo', 'help') AND until >= $2 AND until < $3
      AND ($4::text IS NULL OR programme = $4) AND ($5::text IS NULL OR nis = $5)
    UNION ALL
    SELECT programme, side, true, $3 - since
    FROM wait
    WHERE partnership = $1 AND since < $3 AND (until IS NULL OR until >= $3)
      AND ($4::text IS NULL OR programme = $4) AND ($5::text IS NULL OR nis = $5)
), counted AS (
    SELECT programme, side, waiting_now, greatest(0, floor(extract(epoch FROM time) / 86400))::bigint AS days
    FROM waited
)
SELECT programme, side, waiting_now, count(*), sum(days)::bigint,
       (2 * percentile_cont(0.5) WITHIN GROUP (ORDER BY days))::bigint, percentile_disc(0.9) WITHIN GROUP (ORDER BY days)
FROM counted
GROUP BY programme, side, waiting_now
ORDER BY programme, side, waiting_now
