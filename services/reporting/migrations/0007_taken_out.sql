-- A person who was corrected to 0 was still held to be counted, and an intake was told in persons.
DELETE FROM counted_person AS c
USING result AS r
WHERE r.line_id = c.result_id
    AND r.amount_e2 + coalesce((SELECT sum(k.amount_e2) FROM result AS k
                                WHERE k.result_id = c.result_id AND k.kind = 'corrected'), 0) = 0;

UPDATE result SET unit = 'intake' WHERE figure = 'intakes';
