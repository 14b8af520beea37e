-- The lines of one result, or of one figure; each is a part of the figure unless it is late. In the order counted.
-- A result's first line has its id, and only corrections have an index by result: so it is found without a scan.
SELECT line_id, result_id, kind, partnership, programme, coalesce(action, 0)::bigint, nis, project_year::bigint, figure, unit,
       amount_e2, to_char(on_date, 'YYYY-MM-DD'), stream, seq, event_id, event_type, at, about, reason, correction, late
FROM result
WHERE ($1::uuid IS NULL OR (line_id = $1 AND kind = 'counted') OR (result_id = $1 AND kind = 'corrected'))
  AND ($2::text IS NULL OR (partnership = $2 AND figure = $3 AND on_date <= $5::text::date
       AND ($4::text IS NULL OR on_date >= $4::text::date)))
  AND ($6::text IS NULL OR programme = $6)
  AND ($7::bigint IS NULL OR action = $7)
  AND ($8::text IS NULL OR nis = $8)
  AND ($9::text IS NULL OR reason = $9)
  AND ($10::text IS NULL OR partnership = $10)
  AND ($11::uuid IS NULL OR line_id > $11)
ORDER BY line_id
LIMIT $12
