-- Who runs programme $1, and who serves municipality $2; NULL for what nobody does.
SELECT (SELECT partnership FROM programme WHERE programme = $1), (SELECT partnership FROM member WHERE nis = $2)
