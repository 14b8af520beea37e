SELECT count(*), coalesce(sum(amount_e2) FILTER (WHERE NOT late), 0)::bigint
FROM result
WHERE ($1::uuid IS NULL OR (line_id = $1 AND kind = 'counted') OR (result_id = $1 AND kind = 'corrected'))
  AND ($2::text IS NULL OR (partnership = $2 AND figure = $3 AND on_date <= $5::text::date
       AND ($4::text IS NULL OR on_date >= $4::text::date)))
  AND ($6::text IS NULL OR programme = $6)
  AND ($7::bigint IS NULL OR action = $7)
  AND ($8::text IS NULL OR nis = $8)
  AND ($9::text IS NULL OR reason = $9)
  AND ($10::text IS NULL OR partnership = $10)
