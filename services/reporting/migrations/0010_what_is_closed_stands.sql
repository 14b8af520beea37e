-- The days of a closed year stand as its figures do: as far as matching had been read by then. Of what was closed before
-- this that is not known; it stands from now on.
ALTER TABLE closed_report ADD known bigint;

UPDATE closed_report AS c
SET known = (SELECT coalesce(max(greatest(began_seq, ended_seq)), 0)
             FROM (SELECT partnership, began_seq, ended_seq FROM duo
                   UNION ALL
                   SELECT partnership, began_seq, ended_seq FROM wait) AS of_it
             WHERE of_it.partnership = c.partnership);
COMMENT ON COLUMN closed_report.known IS 'The last event of matching that its duos and waits had told by then';
