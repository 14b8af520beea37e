-- By which turn of this service the rows are what they are.
SELECT epoch, turn FROM stream_head;
