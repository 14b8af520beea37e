-- Before organisation $1 of partnership $2 with enterprise number $3 and postcode $4 is registered.
SELECT EXISTS (SELECT FROM partnership WHERE partnership = $2::text),
    EXISTS (SELECT FROM organisation WHERE organisation_id = $1::uuid),
    EXISTS (SELECT FROM organisation WHERE partnership = $2 AND kbo = $3::text),
    (SELECT nis FROM place WHERE postcode = $4::text)
