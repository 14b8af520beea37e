# Tests of programs as people run them: tests/system/<thing>_test.py, which take what was built from $BUILD.
.PHONY: system

SYSTEM_TESTS := $(sort $(wildcard tests/system/*_test.py))
system: all ## the built programs, run as people run them
	@BUILD=$(abspath $(BUILD)) tests/run-all system $(SYSTEM_TESTS)
