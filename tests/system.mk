# Tests of programs as people run them: tests/system/<thing>_test.py, each a program that takes its binaries from $BIN.
.PHONY: system
SYSTEM_TESTS := $(wildcard tests/system/*_test.py)

system: all ## the built programs, run as people run them
	@BIN=$(abspath $(BUILD)/bin) tests/run-all system $(SYSTEM_TESTS)

test: system
