SELECT clock_mode, clock_now_us, clock_offset_us FROM stream_head
