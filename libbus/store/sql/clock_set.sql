INSERT INTO clock (mode, now_us, offset_us) VALUES ($1::integer, $2::bigint, $3::bigint)
ON CONFLICT (one) DO UPDATE SET mode = excluded.mode, now_us = excluded.now_us, offset_us = excluded.offset_us
