SELECT taken, epoch, last_seq, first_seq, turn, lease_epoch, unclean
FROM bus_lease_take($1::uuid, $2::bigint, $3::boolean)
