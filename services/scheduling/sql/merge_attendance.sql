-- What the dropped entry attended or missed goes to the one that is kept. Where both stand in one session there is one of
-- them there, who came if either did. Told: the sessions that both had attended.
WITH twice AS (
    SELECT d.session_id, d.present, d.enrolled, d.present AND k.present AS attended
    FROM attendance d
    JOIN attendance k ON k.session_id = d.session_id AND k.person_id = $2
    WHERE d.person_id = $1
), moved AS (
    UPDATE attendance a SET person_id = $2
    WHERE a.person_id = $1 AND NOT EXISTS (SELECT FROM twice t WHERE t.session_id = a.session_id)
), dropped AS (
    DELETE FROM attendance a USING twice t WHERE a.person_id = $1 AND a.session_id = t.session_id
), kept AS (
    UPDATE attendance a SET present = a.present OR t.present, enrolled = a.enrolled OR t.enrolled
    FROM twice t
    WHERE a.person_id = $2 AND a.session_id = t.session_id
), counted AS (
    UPDATE session s
    SET attended_n = s.attended_n - t.attended::int, missed_n = s.missed_n - (NOT t.attended)::int
    FROM twice t
    WHERE s.session_id = t.session_id
)
SELECT t.session_id, r.partnership, r.programme, r.nis, s.at, s.hours
FROM twice t
JOIN session s ON s.session_id = t.session_id
JOIN series r ON r.series_id = s.series_id
WHERE t.attended
ORDER BY t.session_id
