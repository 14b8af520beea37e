-- What stands at the end of a period is the sum of all lines before it, of all years. A year that is over is read as
-- its sum.
CREATE TABLE balance (
    partnership text NOT NULL,
    project_year integer NOT NULL,
    figure text NOT NULL,
    programme text NOT NULL,
    action integer NOT NULL,
    nis text NOT NULL,
    amount_e2 bigint NOT NULL,
    PRIMARY KEY (partnership, project_year, figure, programme, action, nis)
);
COMMENT ON TABLE balance IS 'By how much what stands changed in a project year: the sum of its results; action 0: none';

INSERT INTO balance (partnership, project_year, figure, programme, action, nis, amount_e2)
SELECT partnership, project_year, figure, programme, coalesce(action, 0), nis, sum(amount_e2)
FROM result
WHERE NOT late AND figure IN ('duos-active', 'waiting-newcomers', 'waiting-volunteers')
GROUP BY partnership, project_year, figure, programme, coalesce(action, 0), nis;
