SELECT partnership FROM programme WHERE programme = $1
