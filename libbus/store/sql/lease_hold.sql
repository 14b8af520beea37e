-- Keeps the lease from being taken until the transaction ends.
SELECT lease_epoch FROM stream_head WHERE lease_epoch = $1::bigint FOR UPDATE
