-- A referral is taken once: of one that is known nothing is said again.
WITH put AS (
    INSERT INTO referral (referral_id, source, external_person) VALUES ($1::uuid, $2::text, $3::text)
    ON CONFLICT (referral_id) DO NOTHING
    RETURNING referral_id, source
)
INSERT INTO referral_step (n, told, referral_id, source, step, partnership, nis, at)
SELECT coalesce((SELECT max(n) FROM referral_step), 0) + 1, coalesce((SELECT max(told) FROM referral_step), 0) + 1,
       referral_id, source, 'received', $4::text, $5::text, $6::timestamptz
FROM put
