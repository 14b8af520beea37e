-- bulk
INSERT INTO waiting (
    message_id, person_id, partnership, template, language, channel, programme, cause_id, cause_type, about, series_id,
    at, place_kind, help_topic, resend_of, queued, due, attempts, correlation)
SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]), unnest($4::text[]), unnest($5::text[]),
    unnest($6::text[]), unnest($7::text[]), unnest($8::text[]), unnest($9::text[]), unnest($10::uuid[]),
    unnest($11::uuid[]), unnest($12::timestamptz[]), unnest($13::text[]), unnest($14::text[]), unnest($15::uuid[]),
    unnest($16::timestamptz[]), unnest($17::timestamptz[]), unnest($18::integer[]), unnest($19::text[])
