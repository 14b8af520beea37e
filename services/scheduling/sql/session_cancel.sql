-- bulk
UPDATE session AS s
SET state = 'cancelled', cancel_reason = old.reason, changed = old.changed, revision = s.revision + 1
FROM (SELECT (SELECT x.ctid FROM session AS x WHERE x.session_id = g.session_id AND x.state = 'scheduled') AS place, g.*
      FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS g (session_id, reason, changed)) AS old
WHERE s.ctid = old.place
