SELECT epoch, first_seq, last_seq FROM stream_head
