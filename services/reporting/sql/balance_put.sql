-- bulk
INSERT INTO balance (partnership, project_year, figure, programme, action, nis, amount_e2)
SELECT partnership, project_year, figure, programme, coalesce(action, 0), nis, sum(amount_e2)
FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::integer[], $6::text[], $7::bigint[])
    AS given (partnership, project_year, figure, programme, action, nis, amount_e2)
GROUP BY partnership, project_year, figure, programme, coalesce(action, 0), nis
ON CONFLICT (partnership, project_year, figure, programme, action, nis)
DO UPDATE SET amount_e2 = balance.amount_e2 + excluded.amount_e2
