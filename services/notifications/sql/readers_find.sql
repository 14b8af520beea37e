-- Who of these people can be told, in the order asked, and when what already waits for them is due.
-- Nobody is told twice of one event with one text.
SELECT k.person_id, k.language, k.channel, p.quiet_from, p.quiet_to,
       (SELECT min(m.due) FROM message m
        WHERE m.person_id = k.person_id AND m.state = 'queued' AND m.carrier IS NULL)
FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (person_id, n)
JOIN person a ON a.person_id = wanted.person_id
JOIN person k ON k.person_id = COALESCE(a.merged_into, a.person_id)
LEFT JOIN partnership p ON p.partnership = $2
WHERE k.may_contact AND NOT k.erased AND k.channel <> 'none'
  AND NOT EXISTS (SELECT FROM message m
                  WHERE m.cause_id = $3 AND m.person_id = k.person_id AND m.template = $4 AND m.resend_of IS NULL)
ORDER BY wanted.n
