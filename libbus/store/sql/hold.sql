-- The first of a transaction that may stand idle, but no longer than this: what it sees is settled by it.
SELECT set_config('idle_in_transaction_session_timeout', $1::bigint::text, true)
