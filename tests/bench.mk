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

# The peers' servers and client libraries are needed here alone; what is not installed is passed over.
.PHONY: bench-peers bench-peers-deps
PEER_LIBS := jetstream=libnats redis=hiredis rabbitmq=librabbitmq
PEERS := $(foreach p,$(PEER_LIBS),$(if $(shell pkg-config --exists $(lastword $(subst =, ,$(p))) && echo yes),$(firstword $(subst =, ,$(p)))))
$(BUILD)/bin/bench-peer-%: $(BUILD)/obj/tests/bench/peers/main.o $(BUILD)/obj/tests/bench/peers/effect.o \
                           $(BUILD)/obj/tests/bench/peers/%.o $(BUILD)/lib/libbus.a
	@mkdir -p $(dir $@)
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS) $(shell pkg-config --libs $(patsubst $*=%,%,$(filter $*=%,$(PEER_LIBS))))
.SECONDARY: $(patsubst %,$(BUILD)/obj/tests/bench/peers/%.o,main effect $(PEERS))

BENCH_ROUNDS ?= 5
BENCH_OUT ?= $(BUILD)/bench
bench-peers: gen $(BUILD)/bin/bench-ceiling $(BUILD)/bin/ledger-source $(BUILD)/bin/ledger-drain \
             $(patsubst %,$(BUILD)/bin/bench-peer-%,$(PEERS)) ## the bus beside NATS JetStream, Redis Streams and RabbitMQ
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/bench/peers_bench.py $(BENCH_EVENTS) $(BENCH_ROUNDS) $(BENCH_OUT)

bench-peers-deps: ## install the peers' servers and C clients (Debian packages)
	@tools/deps nats-server libnats-dev redis-server libhiredis-dev rabbitmq-server librabbitmq-dev
