-- Which events a duo or a wait began and ended with, so that the days of either can be opened to them. Of duos the
-- results tell it for what was counted before; of waits that had been counted by then it is not known.
ALTER TABLE duo ADD stream text, ADD began_seq bigint, ADD began_event text, ADD ended_seq bigint, ADD ended_event text;
ALTER TABLE wait ADD stream text, ADD began_seq bigint, ADD began_event text, ADD ended_seq bigint, ADD ended_event text;

UPDATE duo SET stream = r.stream, began_seq = r.seq, began_event = r.event_id
FROM result r
WHERE r.about = duo.duo_id::text AND r.kind = 'counted' AND r.figure = 'duos-formed';

UPDATE duo SET stream = r.stream, ended_seq = r.seq, ended_event = r.event_id
FROM result r
WHERE r.about = duo.duo_id::text AND r.kind = 'counted' AND r.figure IN ('duos-stopped', 'duos-informal');

COMMENT ON TABLE duo IS 'How long duos lasted, with the events that began and ended them; an end without a reason: they became informal';
COMMENT ON TABLE wait IS 'How long people waited on each side, with the events that began and ended it';
