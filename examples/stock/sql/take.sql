-- Takes pieces off the shelf; an article not seen before starts with 100.
INSERT INTO shelf (article, pieces, sales)
VALUES ($1, 100 - $2, 1)
ON CONFLICT (article) DO UPDATE SET pieces = shelf.pieces - $2, sales = shelf.sales + 1
RETURNING pieces
