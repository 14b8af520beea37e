-- First start of a service: its fence row.
INSERT INTO stream_head (stream) VALUES ($1) ON CONFLICT DO NOTHING
