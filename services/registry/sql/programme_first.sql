-- When a programme was configured first; no row once it was changed since.
SELECT configured FROM programme WHERE programme = $1::text AND version = 1
