-- What happened in the period ($4: figures of that kind), and what stands at its end ($5): of the project year in which
-- it ends ($6, from $7) its lines, of the years before it their sums. With how many results each is of: a correction is
-- a line of the result that it corrects, and one that was taken out is none.
SELECT programme, coalesce(action, 0)::bigint, figure, reason, nis, sum(amount_e2)::bigint,
       count(*) FILTER (WHERE amount_e2 <> 0)
FROM (
    SELECT programme, action, figure, reason, nis, sum(amount_e2) AS amount_e2
    FROM result
    WHERE partnership = $1 AND NOT late AND figure = ANY ($4::text[])
      AND on_date >= $2::text::date AND on_date <= $3::text::date
    GROUP BY result_id, programme, action, figure, reason, nis
    UNION ALL
    SELECT programme, action, figure, reason, nis, amount_e2
    FROM result
    WHERE partnership = $1 AND NOT late AND figure = ANY ($5::text[])
      AND on_date >= $7::text::date AND on_date <= $3::text::date
    UNION ALL
    SELECT programme, nullif(action, 0), figure, NULL, nis, amount_e2
    FROM balance
    WHERE partnership = $1 AND project_year < $6
) AS line
GROUP BY programme, action, figure, reason, nis
HAVING sum(amount_e2) <> 0
ORDER BY programme NULLS FIRST, action NULLS FIRST, figure, reason NULLS FIRST, nis
