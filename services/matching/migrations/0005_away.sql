-- Who a partner cannot reach stays off the newcomers' lists whatever ends after that, until an intake.
ALTER TABLE person ADD away boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN person.away IS 'A partner told that they moved away, died or cannot be reached, and no intake was held since';
