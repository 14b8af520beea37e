-- Every partnership and every municipality that one serves, with its name: what a token may be limited to.
SELECT partnership, NULL::text, partnership FROM partnership
UNION ALL
SELECT NULL, m.nis, m.nis || coalesce(' ' || c.name, '') FROM member AS m LEFT JOIN municipality AS c ON c.nis = m.nis
ORDER BY 3
