-- What stands in texts, by the kind of thing it names.
SELECT 'partnership', partnership, name, NULL, quiet_from, quiet_to FROM partnership
UNION ALL SELECT 'programme', programme, name, NULL, NULL, NULL FROM programme
UNION ALL SELECT 'series', series_id::text, title, venue, NULL, NULL FROM series
