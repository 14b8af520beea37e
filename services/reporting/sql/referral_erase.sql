-- Person $1 was erased: each sender is told that, and nothing else any more. The numbers stay, as a sender may have
-- seen one of them last.
WITH forgotten AS (
    UPDATE referral_step SET referral_id = NULL, source = NULL, programme = NULL, partnership = NULL, nis = NULL
    WHERE referral_id IN (SELECT referral_id FROM referral WHERE person_id = $1::uuid)
), agreed AS (
    DELETE FROM partner_consent WHERE person_id = $1
), known AS (
    UPDATE referral SET person_id = NULL, external_person = NULL WHERE person_id = $1 RETURNING referral_id, source
), numbered AS (
    SELECT referral_id, source, row_number() OVER (ORDER BY referral_id) AS nth FROM known
)
INSERT INTO referral_step (n, told, referral_id, source, step, partnership, nis, at)
SELECT coalesce((SELECT max(n) FROM referral_step), 0) + nth,
       coalesce((SELECT max(told) FROM referral_step), 0) + nth,
       referral_id, source, 'erased', $2::text, $3::text, $4::timestamptz
FROM numbered
