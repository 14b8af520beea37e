SELECT k.person_id, k.language, k.channel, p.quiet_from, p.quiet_to,
       (SELECT min(m.due) FROM message m
        WHERE m.person_id = k.person_id AND m.state = 'queued' AND m.carrier IS NULL)
FROM person a
JOIN person k ON k.person_id = COALESCE(a.merged_into, a.person_id)
LEFT JOIN partnership p ON p.partnership = $2
WHERE a.person_id = $1 AND k.may_contact AND NOT k.erased AND k.channel <> 'none'
