-- What stands in the way of these municipalities ($2) joining partnership $1.
SELECT EXISTS (SELECT FROM partnership WHERE partnership = $1::text),
    (SELECT count(*) FROM member WHERE partnership = $1),
    ARRAY(SELECT n FROM unnest($2::text[]) AS n WHERE n NOT IN (SELECT nis FROM municipality)),
    (SELECT string_agg(nis, ', ' ORDER BY nis) FROM member WHERE nis = ANY ($2) AND partnership <> $1),
    (SELECT min(nis) FROM member WHERE nis = ANY ($2) AND partnership = $1)
