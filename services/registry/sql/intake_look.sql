-- Whether intake $1 was recorded before, and who runs programme $2.
SELECT EXISTS (SELECT FROM intake WHERE intake_id = $1::uuid),
    (SELECT partnership FROM programme WHERE programme = $2::text)
