-- A page of a list begins where the one before ended. Everybody known has a row in person_private from now on, also of
-- whom nothing private is known, as in a replay: so one index has all people of a partnership in the order of the list.
ALTER TABLE person_private ADD partnership text COLLATE "C";
ALTER TABLE person_private ALTER first_key SET DEFAULT '', ALTER last_key SET DEFAULT '';
UPDATE person_private AS q SET partnership = p.partnership FROM person AS p WHERE p.person_id = q.person_id;
INSERT INTO person_private (person_id, partnership)
SELECT person_id, partnership FROM person AS p
WHERE state = 'known' AND NOT EXISTS (SELECT FROM person_private AS q WHERE q.person_id = p.person_id);
ALTER TABLE person_private ALTER partnership SET NOT NULL;
CREATE INDEX person_private_listed ON person_private (partnership, last_key, first_key, person_id);
CREATE INDEX person_private_first ON person_private (partnership, first_key) WHERE first_key <> '';
COMMENT ON TABLE person_private IS
    'private: names and addresses of everybody known; the national number only as a keyed hash';

-- Who may be the same as whom, kept as people come and change: to find all pairs takes a look at everybody.
CREATE TABLE alike (
    one               uuid NOT NULL,
    other             uuid NOT NULL,
    partnership       text COLLATE "C" NOT NULL,
    other_partnership text COLLATE "C" NOT NULL,
    grounds           bigint NOT NULL,
    PRIMARY KEY (one, other)
);
CREATE INDEX alike_other ON alike (other);
CREATE INDEX alike_all ON alike ((- grounds), one, other);
CREATE INDEX alike_partnership ON alike (partnership, (- grounds), one, other);
CREATE INDEX alike_elsewhere ON alike (other_partnership, (- grounds), one, other) WHERE other_partnership <> partnership;
COMMENT ON TABLE alike IS 'private: pairs of people who may be the same, and why; the one was registered first';

-- Writes down anew whom a person may be: of whoever people_alike() names, themselves among them, the likeliest.
CREATE FUNCTION alike_note(this uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM alike WHERE one = this OR other = this;
    INSERT INTO alike (one, other, partnership, other_partnership, grounds)
    SELECT a.person_id, b.person_id, a.partnership, b.partnership, f.grounds
    FROM person AS p
        JOIN person_private AS q USING (person_id)
        CROSS JOIN people_alike(ARRAY[encode(q.insz_hash, 'hex')], ARRAY[q.email_key], ARRAY[q.phone],
            ARRAY[q.name_key], ARRAY[coalesce(p.birth_year, 0)::bigint], ARRAY[p.postcode]) AS f
        JOIN person AS n ON n.person_id = f.person_id
        JOIN person AS a ON a.person_id = CASE WHEN (p.registered, p.person_id) < (n.registered, n.person_id)
                                               THEN p.person_id ELSE n.person_id END
        JOIN person AS b ON b.person_id = CASE WHEN a.person_id = p.person_id THEN n.person_id ELSE p.person_id END
    WHERE p.person_id = this AND f.person_id <> this;
END $$;
SELECT alike_note(person_id) FROM person_private;
