SELECT nis, name, to_char(valid_until, 'YYYY-MM-DD'),
       ARRAY(SELECT postcode FROM place WHERE place.nis = municipality.nis ORDER BY postcode)
FROM municipality
WHERE nis > coalesce($1::text, '')
ORDER BY nis
LIMIT $2::bigint
