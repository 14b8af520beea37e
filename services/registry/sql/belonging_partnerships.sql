SELECT DISTINCT partnership FROM partnership WHERE partnership = ANY ($1::text[]) ORDER BY partnership
