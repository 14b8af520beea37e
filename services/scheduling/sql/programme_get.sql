-- Who runs programme $1, who serves municipality $2, and when the programme ended; NULL for what nobody does or has not been.
SELECT (SELECT partnership FROM programme WHERE programme = $1), (SELECT partnership FROM member WHERE nis = $2),
    (SELECT to_char(ended_on, 'YYYY-MM-DD') FROM programme WHERE programme = $1)
