-- A programme that ended: its last day, and why.
ALTER TABLE programme ADD ended_on date, ADD end_reason text;
