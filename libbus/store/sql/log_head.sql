SELECT epoch, first_seq, last_seq, owner FROM stream_head
