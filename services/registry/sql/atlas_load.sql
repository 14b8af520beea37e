-- By kind, as in atlas.h: postcodes, members, partnerships, programmes, those of them that ended.
SELECT 0, postcode, nis, lat_e4, lon_e4 FROM place
UNION ALL
SELECT 1, nis, partnership, 0, 0 FROM member
UNION ALL
SELECT 2, partnership, partnership, 0, 0 FROM partnership
UNION ALL
SELECT 3, programme, partnership, 0, 0 FROM programme
UNION ALL
SELECT 4, programme, to_char(ended_on, 'YYYY-MM-DD'), 0, 0 FROM programme WHERE ended_on IS NOT NULL
