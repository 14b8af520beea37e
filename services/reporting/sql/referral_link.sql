-- Referral $1 is about person $2: told to who sent it, whatever the person agreed to.
WITH linked AS (
    UPDATE referral SET person_id = $2::uuid WHERE referral_id = $1::uuid RETURNING referral_id, source
)
INSERT INTO referral_step (n, told, referral_id, source, step, programme, partnership, nis, at)
SELECT coalesce((SELECT max(n) FROM referral_step), 0) + 1, coalesce((SELECT max(told) FROM referral_step), 0) + 1,
       referral_id, source, 'linked', $3::text, $4::text, $5::text, $6::timestamptz
FROM linked
