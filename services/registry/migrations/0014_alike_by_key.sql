-- As before, without looking for either side again by what is only known row by row: planned while the tables were
-- empty, that read all people for each.
CREATE OR REPLACE FUNCTION alike_note(this uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    noted uuid[];
BEGIN
    WITH gone AS (
        DELETE FROM alike WHERE one = this OR other = this RETURNING CASE WHEN one = this THEN other ELSE one END AS id
    )
    SELECT array_agg(id) INTO noted FROM gone;
    INSERT INTO alike (one, other, partnership, other_partnership, grounds)
    SELECT CASE WHEN pair.first THEN p.person_id ELSE n.person_id END,
        CASE WHEN pair.first THEN n.person_id ELSE p.person_id END,
        CASE WHEN pair.first THEN p.partnership ELSE n.partnership END,
        CASE WHEN pair.first THEN n.partnership ELSE p.partnership END,
        f.grounds
    FROM person AS p
        JOIN person_private AS q USING (person_id)
        CROSS JOIN LATERAL (
            SELECT l.person_id, l.grounds
            FROM people_alike(ARRAY[encode(q.insz_hash, 'hex')], ARRAY[q.email_key], ARRAY[q.phone],
                ARRAY[q.name_key], ARRAY[coalesce(p.birth_year, 0)::bigint], ARRAY[p.postcode]) AS l
            UNION
            SELECT o.person_id, (CASE WHEN r.insz_hash = q.insz_hash THEN 8 ELSE 0 END
                + CASE WHEN r.email_key = q.email_key THEN 4 ELSE 0 END
                + CASE WHEN r.phone = q.phone THEN 2 ELSE 0 END
                + CASE WHEN r.name_key = q.name_key AND coalesce(o.birth_year = p.birth_year, o.postcode = p.postcode)
                       THEN 1 ELSE 0 END)::bigint
            FROM person AS o JOIN person_private AS r USING (person_id)
            WHERE o.person_id = ANY (noted)
        ) AS f
        JOIN person AS n ON n.person_id = f.person_id
        CROSS JOIN LATERAL (SELECT (p.registered, p.person_id) < (n.registered, n.person_id) AS first) AS pair
    WHERE p.person_id = this AND f.person_id <> this AND f.grounds > 0;
END $$;
