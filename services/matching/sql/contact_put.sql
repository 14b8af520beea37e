-- bulk
-- The whole row as it is now; of several in one batch the last counts.
INSERT INTO contact (
    contact_id, duo_id, kind, hours, on_date)
SELECT DISTINCT ON (contact_id)
    contact_id, duo_id, kind, hours, on_date
FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::double precision[], $5::text[]
) WITH ORDINALITY AS given (
    contact_id, duo_id, kind, hours, on_date, place)
ORDER BY contact_id, place DESC
ON CONFLICT (contact_id) DO UPDATE SET
    duo_id = excluded.duo_id, kind = excluded.kind, hours = excluded.hours, on_date = excluded.on_date;
