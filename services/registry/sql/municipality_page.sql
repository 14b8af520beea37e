SELECT nis, name, to_char(valid_until, 'YYYY-MM-DD')
FROM municipality
WHERE nis > coalesce($1::text, '')
ORDER BY nis
LIMIT $2::bigint
