# Measuring: everything compared is measured in one run, in turns.
.PHONY: bench
$(BUILD)/bin/bench-ceiling: $(call objs,tests/bench/ceiling.c) $(BUILD)/lib/libbus.a
	@mkdir -p $(dir $@)
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

BENCH_EVENTS ?= 200000
bench: gen $(BUILD)/bin/bench-ceiling $(BUILD)/bin/ledger-source $(BUILD)/bin/ledger-drain ## the bus beside its bare ceiling, and the demonstration
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/bench/bus_bench.py $(BENCH_EVENTS)
	@$(MAKE) --no-print-directory bench-demo

.PHONY: bench-demo
bench-demo: programs ## the demonstration, replayed as fast as it goes: events a second and what they cost
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/bench/demo_bench.py
