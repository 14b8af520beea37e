-- What is due at one moment has one timer, not one for each person. What a letter belongs to was known by the timer, and is
-- now by the message.
ALTER TABLE waiting ADD correlation text;
UPDATE waiting SET correlation = t.correlationid FROM timer t WHERE t.name = 'letter' AND t.key = waiting.person_id::text;
DELETE FROM timer WHERE name = 'letter';
INSERT INTO timer (name, key, due)
SELECT DISTINCT 'letter', (extract(epoch FROM due) * 1000000)::bigint::text, due FROM waiting;
