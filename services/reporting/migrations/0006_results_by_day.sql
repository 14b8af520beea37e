-- A report reads nearly every figure of its days; with the figure between, each result went to a place of its own.
DROP INDEX result_figure;
CREATE INDEX result_day ON result (partnership, on_date);
