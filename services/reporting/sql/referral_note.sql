-- Step $2 of the people $1, for each referral about one of them: to be told where the person agreed.
WITH about AS (
    SELECT r.referral_id, r.source, c.person_id IS NOT NULL AS agreed,
           row_number() OVER (ORDER BY r.referral_id) AS nth,
           count(c.person_id) OVER (ORDER BY r.referral_id) AS nth_told
    FROM referral AS r LEFT JOIN partner_consent AS c ON c.person_id = r.person_id AND c.agreed
    WHERE r.person_id IN (SELECT unnest($1::uuid[])
                          UNION
                          SELECT merged_into FROM person WHERE person_id = ANY ($1) AND merged_into IS NOT NULL)
)
INSERT INTO referral_step (n, told, referral_id, source, step, programme, partnership, nis, at)
SELECT coalesce((SELECT max(n) FROM referral_step), 0) + nth,
       CASE WHEN agreed THEN coalesce((SELECT max(told) FROM referral_step), 0) + nth_told END,
       referral_id, source, $2::text, $3::text, $4::text, $5::text, $6::timestamptz
FROM about
