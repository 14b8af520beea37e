-- One dead letter ($3, $4, $5), the causes of one fingerprint ($6), or all: given up at $1, and why ($2). That it was is kept, and
-- nothing of what it said: nobody reads that any more.
UPDATE dead_letter
SET state = 'dropped', next = NULL, last = $1::timestamptz, note = $2, subject = NULL, header = '', data = ''
WHERE state <> 'dropped'
    AND ($3::text IS NULL OR (source = $3 AND seq = $4::bigint AND event_id = $5::text))
    AND ($6::text IS NULL OR (fingerprint = $6 AND state <> 'behind'))
RETURNING source, seq, event_id
