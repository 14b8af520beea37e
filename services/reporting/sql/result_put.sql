-- bulk
INSERT INTO result (line_id, result_id, kind, partnership, programme, action, nis, project_year, figure, unit,
                    amount_e2, on_date, stream, seq, event_id, event_type, at, about, reason, correction, late)
SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]), unnest($4::text[]), unnest($5::text[]),
       unnest($6::integer[]), unnest($7::text[]), unnest($8::integer[]), unnest($9::text[]), unnest($10::text[]),
       unnest($11::bigint[]), DATE '1970-01-01' + unnest($12::integer[]), unnest($13::text[]), unnest($14::bigint[]),
       unnest($15::text[]), unnest($16::text[]), unnest($17::timestamptz[]), unnest($18::text[]), unnest($19::text[]),
       unnest($20::text[]), unnest($21::boolean[])
