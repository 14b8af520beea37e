-- Which action a duo or a wait was counted on for: it is counted off there, whatever its programme counts for by then.
ALTER TABLE duo ADD action bigint;
ALTER TABLE wait ADD action bigint;

UPDATE duo SET action = r.action
FROM result r
WHERE r.about = duo.duo_id::text AND r.kind = 'counted' AND r.figure = 'duos-active' AND r.amount_e2 > 0;

UPDATE wait SET action = (
    SELECT r.action FROM result r
    WHERE r.kind = 'counted' AND r.figure IN ('waiting-newcomers', 'waiting-volunteers') AND r.amount_e2 > 0
        AND r.event_id = wait.began_event
    LIMIT 1)
WHERE until IS NULL;
