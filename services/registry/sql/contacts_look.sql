-- How to reach these people, or those they were merged into; addresses only of who may be contacted.
SELECT l.asked_id, l.person_id, l.preferred_language, l.channel, l.state = 'erased', l.may,
    CASE WHEN l.may THEN q.first_name END, CASE WHEN l.may THEN q.email END, CASE WHEN l.may THEN q.phone END
FROM (SELECT g.person_id AS asked_id, p.*,
          p.state = 'known' AND p.partner_status IS DISTINCT FROM 'deceased'
          AND NOT EXISTS (SELECT FROM consent AS c
                          WHERE c.person_id = p.person_id AND c.purpose = 'contact' AND NOT c.given) AS may
      FROM unnest($1::uuid[]) AS g(person_id)
          JOIN person AS a ON a.person_id = g.person_id
          JOIN person AS p ON p.person_id = coalesce(a.merged_into, a.person_id)) AS l
    LEFT JOIN person_private AS q ON q.person_id = l.person_id
