# The soak: the ledger's services for as long as asked, under random faults, with an eye on what must not grow.
.PHONY: soak
SOAK_SECONDS ?= 600

soak: gen $(LEDGER_BIN) ## random faults for SOAK_SECONDS (600): memory, descriptors and tables stay flat, the ledger balances
	@BUILD=$(abspath $(BUILD)) FAULTS_OUT=$(BENCH_OUT) SOAK_SECONDS=$(SOAK_SECONDS) /usr/bin/python3 -B tests/soak/soak_test.py
