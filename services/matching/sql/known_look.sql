-- Whether a partnership runs a programme, and whether there is such a programme; of what is not asked: true.
SELECT $1::text IS NULL OR EXISTS (SELECT FROM programme WHERE partnership = $1),
       $2::text IS NULL OR EXISTS (SELECT FROM programme WHERE programme = $2)
