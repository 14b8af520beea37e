-- Writes down anew whom $1 may be.
SELECT alike_note($1::uuid)
