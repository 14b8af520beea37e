# A stand-in for any service, for system tests of one service alone.
$(BUILD)/bin/test-speaker: $(call objs,tests/support/speaker/speaker.c) $(LIBS)
	@mkdir -p $(dir $@)
	@echo "  LD    $@"
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)
all: $(BUILD)/bin/test-speaker
