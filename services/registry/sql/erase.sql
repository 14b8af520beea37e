-- What is left of a person counts, and tells nobody who it was.
WITH private AS (
    DELETE FROM person_private WHERE person_id = $1::uuid
), pairs AS (
    DELETE FROM alike WHERE one = $1 OR other = $1
), deposits AS (
    DELETE FROM deposit WHERE person_id = $1
), told AS (
    UPDATE deposit_told SET digest = '' WHERE person_id = $1
), consents AS (
    DELETE FROM consent WHERE person_id = $1
), volunteers AS (
    DELETE FROM volunteer WHERE person_id = $1
)
UPDATE person SET state = 'erased', postcode = NULL, nis = NULL, preferred_language = 'nl', channel = 'none',
    found_through = NULL, partner_status = NULL, told_away = NULL, birth_year = NULL, gender = NULL, dutch_level = NULL,
    prefers_gender = NULL, languages = '{}', interests = '{}', availability = '{}', child_birth_years = '{}'
WHERE person_id = $1
