-- Whether the lease is still ours: nobody else has committed anything then.
SELECT turn FROM stream_head WHERE lease_epoch = $1::bigint
