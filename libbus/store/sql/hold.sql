-- The first of a transaction that may stand idle: what it sees is settled by it.
SELECT set_config('idle_in_transaction_session_timeout', '0', true)
