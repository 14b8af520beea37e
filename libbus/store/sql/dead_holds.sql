-- Whether a message of this stream, or (NULL) of any, is parked whose data holds this text.
SELECT EXISTS (
    SELECT FROM dead_letter
    WHERE ($1::text IS NULL OR source = $1) AND state <> 'dropped' AND position(convert_to($2::text, 'UTF8') IN data) > 0)
