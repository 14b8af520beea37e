-- bulk
INSERT INTO contact (contact_id, duo_id, kind, hours, on_date)
SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]), unnest($4::double precision[]), unnest($5::text[])
