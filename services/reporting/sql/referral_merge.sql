-- Of two answers the more careful one holds, as in registry: who took it back agrees to nothing.
WITH dropped AS (
    DELETE FROM partner_consent WHERE person_id = $2::uuid RETURNING agreed
), moved AS (
    UPDATE referral SET person_id = $1::uuid WHERE person_id = $2
)
INSERT INTO partner_consent (person_id, agreed)
SELECT $1, agreed FROM dropped
ON CONFLICT (person_id) DO UPDATE SET agreed = partner_consent.agreed AND excluded.agreed
