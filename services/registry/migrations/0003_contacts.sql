-- How to reach these people, or those they were merged into; addresses only of who may be contacted.
-- Planned once and by index: letters ask it all day, a few people at a time.
CREATE FUNCTION contacts_of(people uuid[]) RETURNS TABLE (asked_id uuid, person_id uuid, preferred_language text,
    channel text, erased boolean, may boolean, first_name text, email text, phone text)
    LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off AS $$
BEGIN
    RETURN QUERY
        SELECT l.asked, l.id, l.language, l.by_channel, l.state = 'erased', l.can,
            CASE WHEN l.can THEN q.first_name END, CASE WHEN l.can THEN q.email END, CASE WHEN l.can THEN q.phone END
        FROM (SELECT g.id AS asked, p.person_id AS id, p.preferred_language AS language, p.channel AS by_channel, p.state,
                  p.state = 'known' AND p.partner_status IS DISTINCT FROM 'deceased'
                  AND NOT EXISTS (SELECT FROM consent AS c
                                  WHERE c.person_id = p.person_id AND c.purpose = 'contact' AND NOT c.given) AS can
              FROM unnest(people) AS g(id)
                  JOIN person AS a ON a.person_id = g.id
                  JOIN person AS p ON p.person_id = coalesce(a.merged_into, a.person_id)) AS l
            LEFT JOIN person_private AS q ON q.person_id = l.id;
END $$;
