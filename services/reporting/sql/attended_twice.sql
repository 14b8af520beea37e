-- One of the lines that one person has for one session under several entries, sooner one of an entry that is no more.
SELECT r.line_id
FROM result r
WHERE r.partnership = $1 AND r.figure = $2 AND r.on_date = DATE '1970-01-01' + $3::integer AND r.programme = $4
  AND r.amount_e2 = $5 AND r.kind = 'counted' AND NOT r.late AND r.event_type = $6
  AND (r.about IN ($7::text, $8::text)
       OR r.about IN (SELECT person_id::text FROM person WHERE merged_into = $7::uuid))
  AND NOT EXISTS (SELECT FROM result c WHERE c.result_id = r.line_id AND c.kind = 'corrected')
ORDER BY r.about = $7, r.line_id DESC
LIMIT 1
