-- A result, and what holds for it after its corrections.
SELECT r.partnership, r.programme, coalesce(r.action, 0)::bigint, r.nis, r.project_year::bigint, r.figure, r.reason, r.about,
       (r.on_date - DATE '1970-01-01')::bigint,
       r.amount_e2 + coalesce((SELECT sum(c.amount_e2) FROM result c
                               WHERE c.result_id = r.line_id AND c.kind = 'corrected'), 0)::bigint
FROM result r
WHERE r.line_id = $1 AND r.kind = 'counted'
