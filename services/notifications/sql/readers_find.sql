-- Who reads what is for these people: themselves, or those they were merged into. The number is the place in the list.
SELECT wanted.n, k.person_id, k.language, k.channel, k.may_contact AND NOT k.erased AND k.channel <> 'none'
FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (person_id, n)
JOIN person a ON a.person_id = wanted.person_id
JOIN person k ON k.person_id = COALESCE(a.merged_into, a.person_id)
