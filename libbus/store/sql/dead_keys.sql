SELECT source, seq, event_id, subject FROM dead_letter WHERE state <> 'dropped'
