-- $2 becomes another name of $1, with all that was merged into it before.
WITH dropped AS (
    UPDATE person SET state = 'merged', merged_into = $1::uuid, postcode = NULL, nis = NULL, found_through = NULL,
        partner_status = NULL, told_away = NULL, birth_year = NULL, gender = NULL, dutch_level = NULL, prefers_gender = NULL,
        languages = '{}', interests = '{}', availability = '{}', child_birth_years = '{}'
    WHERE person_id = $2::uuid OR merged_into = $2
), intakes AS (
    UPDATE intake SET person_id = $1 WHERE person_id = $2
), referrals AS (
    UPDATE referral SET person_id = $1 WHERE person_id = $2
), links AS (
    UPDATE partner_link SET person_id = $1 WHERE person_id = $2
), pairs AS (
    DELETE FROM alike WHERE one = $2 OR other = $2
), deposits AS (
    UPDATE deposit SET person_id = $1 WHERE person_id = $2
), told AS (
    UPDATE deposit_told SET person_id = $1 WHERE person_id = $2
), volunteers AS (
    DELETE FROM volunteer WHERE person_id = $2
)
DELETE FROM person_private WHERE person_id = $2
