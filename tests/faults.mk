# The real stack in a storm, with the places built in at which it can be killed or stopped.
.PHONY: faults
FAULT_SECONDS ?= 60
faults: $(BUILD)/.deps ## the real stack killed at every step, its frames and databases broken; FAULT_SECONDS=600
	@$(MAKE) --no-print-directory $(JOBS) BUILD=$(BUILD)/faults OPT="-O1 -g -DBUS_FAILPOINTS" gen $(patsubst %,$(BUILD)/faults/bin/ledger-%,$(LEDGER))
	@BUILD=$(abspath $(BUILD)/faults) /usr/bin/python3 -B tests/faults/storm.py --seconds $(FAULT_SECONDS) --out $(BENCH_OUT)
