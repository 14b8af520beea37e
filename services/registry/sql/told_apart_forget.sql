DELETE FROM told_apart WHERE one = $1::uuid OR other = $1
