SELECT stream, epoch, seq, event_id FROM position ORDER BY stream
