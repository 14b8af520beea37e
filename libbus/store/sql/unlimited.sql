-- For the rest of the transaction.
SELECT set_config('statement_timeout', '0', true)
