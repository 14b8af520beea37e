SELECT bus_advance($1::bigint, $2::bigint, $3::bigint, $4::bigint, $5::text[], $6::bigint[], $7::bigint[],
                   $8::bigint[], $9::bigint[], $10::text[], $11::integer, $12::bigint, $13::bigint)
