-- Where people belong who are asked about by id ($1) or by a sender's reference ($2, $3): which of them (from 0, the ids
-- first), partnership, municipality.
SELECT asked.n - 1, p.partnership, p.nis
FROM (SELECT n, person_id FROM unnest($1::uuid[]) WITH ORDINALITY AS a(person_id, n)
      UNION ALL
      SELECT cardinality($1) + r.n, l.person_id
      FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS r(source, external_person, n)
          JOIN partner_link AS l ON l.source = r.source AND l.external_person = r.external_person) AS asked
    JOIN person AS m ON m.person_id = asked.person_id
    JOIN person AS p ON p.person_id = coalesce(m.merged_into, m.person_id)
ORDER BY asked.n
