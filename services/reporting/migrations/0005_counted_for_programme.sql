-- Who was counted for an action was counted for the programme too: another action does not count them again.
INSERT INTO counted_person (person_id, counted_for, result_id)
SELECT c.person_id, r.partnership || '/' || r.programme || '/' || r.project_year, c.result_id
FROM counted_person c
JOIN result r ON r.line_id = c.result_id
WHERE r.action IS NOT NULL AND r.programme IS NOT NULL
ON CONFLICT (person_id, counted_for) DO NOTHING;

COMMENT ON TABLE counted_person IS 'Who was counted as a person of practice, and for what: "partnership/action/project year" and "partnership/programme/project year"';
