# Two hosts in network namespaces: needs root and iproute2, and says so where it has not.
.PHONY: standby
standby: gen $(LEDGER_BIN) ## a host dies with its database, the other takes over: gaps measured, nothing lost
	@BUILD=$(abspath $(BUILD)) FAULTS_OUT=$(BENCH_OUT) /usr/bin/python3 -B tests/standby/hosts_test.py -v
