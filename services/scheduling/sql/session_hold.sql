-- bulk
UPDATE session AS s
SET state = 'held', attended_n = old.attended_n, missed_n = old.missed_n, guests = old.guests, hours = old.hours,
    changed = old.changed, revision = s.revision + 1
FROM (SELECT (SELECT x.ctid FROM session AS x WHERE x.session_id = g.session_id AND x.state = 'scheduled') AS place, g.*
      FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::float8[], $6::timestamptz[])
          AS g (session_id, attended_n, missed_n, guests, hours, changed)) AS old
WHERE s.ctid = old.place
