-- Only by the owner: what another process has written since is newer.
INSERT INTO reader_position (reader, seq, at)
SELECT reader, seq, to_timestamp(at_us / 1e6) FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS told(reader, seq, at_us)
WHERE EXISTS (SELECT FROM stream_head WHERE lease_epoch = $1::bigint)
ON CONFLICT (reader) DO UPDATE SET seq = excluded.seq, at = excluded.at
RETURNING reader
