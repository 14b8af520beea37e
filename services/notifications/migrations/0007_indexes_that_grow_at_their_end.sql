-- What a person got is little and is sorted when it is asked; of a partnership the newest is read from the end of the index,
-- where it is written, too.
DROP INDEX message_of_person;
DROP INDEX message_of_partnership;
CREATE INDEX message_of_person ON message (person_id);
CREATE INDEX message_of_partnership ON message (partnership, queued, message_id);
