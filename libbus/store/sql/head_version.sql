SELECT epoch, turn FROM stream_head
