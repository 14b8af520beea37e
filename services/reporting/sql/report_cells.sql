-- What happened in the period, and what stands at its end.
SELECT programme, coalesce(action, 0)::bigint, figure, reason, nis, sum(amount_e2)::bigint, count(*)
FROM result
WHERE partnership = $1 AND NOT late AND on_date <= $3::text::date
  AND (on_date >= $2::text::date OR figure IN ('duos-active', 'waiting-newcomers', 'waiting-volunteers'))
GROUP BY programme, action, figure, reason, nis
HAVING sum(amount_e2) <> 0
ORDER BY programme NULLS FIRST, action NULLS FIRST, figure, reason NULLS FIRST, nis
