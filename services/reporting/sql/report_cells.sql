-- What happened in the period ($4: figures of that kind), and what stands at its end ($5): of the lines before it, only
-- those of what stands are read.
SELECT programme, coalesce(action, 0)::bigint, figure, reason, nis, sum(amount_e2)::bigint, count(*)
FROM (
    SELECT programme, action, figure, reason, nis, amount_e2
    FROM result
    WHERE partnership = $1 AND NOT late AND figure = ANY ($4::text[])
      AND on_date >= $2::text::date AND on_date <= $3::text::date
    UNION ALL
    SELECT programme, action, figure, reason, nis, amount_e2
    FROM result
    WHERE partnership = $1 AND NOT late AND figure = ANY ($5::text[]) AND on_date <= $3::text::date
) AS line
GROUP BY programme, action, figure, reason, nis
HAVING sum(amount_e2) <> 0
ORDER BY programme NULLS FIRST, action NULLS FIRST, figure, reason NULLS FIRST, nis
