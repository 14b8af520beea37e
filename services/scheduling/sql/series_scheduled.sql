-- bulk
-- The last word on a series wins.
UPDATE series AS s
SET scheduled_to = old.day
FROM (SELECT (SELECT x.ctid FROM series AS x WHERE x.series_id = g.series_id) AS place, max(g.day::date) AS day
      FROM unnest($1::uuid[], $2::text[]) AS g (series_id, day)
      GROUP BY g.series_id) AS old
WHERE s.ctid = old.place
