SELECT a.source, a.id, a.digest, a.seq
FROM accepted a
JOIN unnest($1::text[], $2::text[]) AS wanted (source, id) ON a.source = wanted.source AND a.id = wanted.id
