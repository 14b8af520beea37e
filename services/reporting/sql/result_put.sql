-- bulk
INSERT INTO result (line_id, result_id, kind, partnership, programme, action, nis, project_year, figure, unit,
                    amount_e2, on_date, stream, seq, event_id, event_type, at, about, reason, correction, late)
SELECT line_id, result_id, kind, partnership, programme, action, nis, project_year, figure, unit,
       amount_e2, DATE '1970-01-01' + day, stream, seq, event_id, event_type, at, about, reason, correction, late
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::integer[],
            $9::text[], $10::text[], $11::bigint[], $12::integer[], $13::text[], $14::bigint[], $15::text[],
            $16::text[], $17::timestamptz[], $18::text[], $19::text[], $20::text[], $21::boolean[])
    AS given (line_id, result_id, kind, partnership, programme, action, nis, project_year, figure, unit, amount_e2,
              day, stream, seq, event_id, event_type, at, about, reason, correction, late)
