-- What waits is found in memory: the table only has to tell at a start what that was. An event takes effect once, and the
-- ids of its messages are made from its own.
DROP INDEX message_once;
DROP INDEX message_about;
DROP INDEX message_waiting;
CREATE INDEX message_waiting ON message (message_id) WHERE state = 'queued';
