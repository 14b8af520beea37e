INSERT INTO series (series_id, partnership, programme, nis, title, rrule, timezone, starts, duration_minutes, capacity,
                    venue, scheduled_to)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::date)
