-- How long duos lasted that ended in the period: all of a programme, by reason, and by distance. A reason or a band
-- that is not known makes a group too, marked by its number: -1 is all together, 0 not known. The median comes in
-- halves: of an even number it is the mean of the middle two. Of a closed year ($7) what was known when it was closed.
WITH ended AS (
    SELECT programme, coalesce(reason, '') AS reason,
           CASE WHEN distance_m IS NULL THEN 0 ELSE width_bucket(distance_m, $6::bigint[]) + 1 END AS band,
           greatest(0, (ended AT TIME ZONE 'Europe/Brussels')::date - (started AT TIME ZONE 'Europe/Brussels')::date)::bigint AS days
    FROM duo
    WHERE partnership = $1 AND ended >= $2 AND ended < $3
      AND coalesce(ended_seq <= (SELECT known FROM closed_report WHERE partnership = $1 AND project_year = $7), true)
      AND ($4::text IS NULL OR programme = $4) AND ($5::text IS NULL OR nis = $5)
)
SELECT programme, CASE WHEN grouping(reason) = 1 THEN NULL ELSE reason END,
       (CASE WHEN grouping(band) = 1 THEN -1 ELSE band END)::bigint,
       count(*), sum(days)::bigint, (2 * percentile_cont(0.5) WITHIN GROUP (ORDER BY days))::bigint,
       percentile_disc(0.9) WITHIN GROUP (ORDER BY days)
FROM ended
GROUP BY GROUPING SETS ((programme), (programme, reason), (programme, band))
ORDER BY programme, grouping(reason) + grouping(band) DESC, grouping(reason), 3, 2
