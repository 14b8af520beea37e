SELECT mode, now_us, offset_us FROM clock
