-- Told: whether that is new.
INSERT INTO told_apart (one, other) VALUES (least($1::uuid, $2::uuid), greatest($1, $2)) ON CONFLICT DO NOTHING RETURNING one
