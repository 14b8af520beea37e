-- Whether a referral that names this deposit waits among the dead letters: its id stands in the message as text.
SELECT EXISTS (
    SELECT FROM dead_letter
    WHERE source = 'gateway' AND state <> 'dropped' AND position(convert_to($1::text, 'UTF8') IN data) > 0)
