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
bench-demo: product ## the demonstration, replayed as fast as it goes: events a second and what they cost
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/bench/demo_bench.py $(BENCH_OUT)

# The peers' servers and client libraries are needed here alone; what is not installed is passed over.
.PHONY: bench-peers bench-peers-deps
PEER_LIBS := jetstream=libnats redis=hiredis rabbitmq=librabbitmq
PEERS := $(foreach p,$(PEER_LIBS),$(if $(shell pkg-config --exists $(lastword $(subst =, ,$(p))) 2>/dev/null && echo yes),$(firstword $(subst =, ,$(p)))))
$(BUILD)/bin/bench-peer-%: $(BUILD)/obj/tests/bench/peers/main.o $(BUILD)/obj/tests/bench/peers/effect.o \
                           $(BUILD)/obj/tests/bench/peers/%.o $(BUILD)/lib/libbus.a
	@mkdir -p $(dir $@)
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS) $(shell pkg-config --libs $(patsubst $*=%,%,$(filter $*=%,$(PEER_LIBS))))
.SECONDARY: $(patsubst %,$(BUILD)/obj/tests/bench/peers/%.o,main effect $(PEERS))

BENCH_ROUNDS ?= 5
BENCH_OUT ?= $(BUILD)/bench
PEER_BIN := $(patsubst %,$(BUILD)/bin/%,bench-ceiling ledger-source ledger-drain $(PEERS:%=bench-peer-%))
bench-peers: gen $(PEER_BIN) ## the bus beside NATS JetStream, Redis Streams and RabbitMQ
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/bench/peers_bench.py $(BENCH_EVENTS) $(BENCH_ROUNDS) $(BENCH_OUT)

bench-peers-deps: ## install the peers' servers and C clients (Debian packages)
	@tools/deps nats-server libnats-dev redis-server libhiredis-dev rabbitmq-server librabbitmq-dev

# The same arrivals under different ways to match; links what registry, matching and `koppel simulate` decide by.
.PHONY: match-policy
POLICY_OBJ := $(call objs,$(wildcard tests/bench/policy/*.c))
$(POLICY_OBJ): CFLAGS += -Icli
$(BUILD)/bin/bench-policy: $(POLICY_OBJ) $(BUILD)/lib/service-matching.a $(BUILD)/lib/service-registry.a \
                           $(BUILD)/lib/cli.a $(LIBS)
	@mkdir -p $(dir $@)
	@echo "  LD    $@"
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

POLICY_SEEDS ?= 200
match-policy: gen $(BUILD)/bin/bench-policy ## what waiting, distance and duos would be under other ways to match
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/bench/policy_bench.py $(POLICY_SEEDS) $(BENCH_OUT)

# LEMON is for this comparison alone: Debian's liblemon-dev and g++, which nothing else here needs.
MATCH_BENCH_PEOPLE ?= 100000
MATCH_BENCH_EDGES ?= 16
MATCH_BENCH_ROUNDS ?= 3
MATCH_BENCH_CHANGES ?= 5000
$(BUILD)/obj/tests/bench/match_peer.o: tests/bench/match_peer.cc tests/bench/match_peer.h
	@mkdir -p $(dir $@)
	@[ -e /usr/include/lemon/network_simplex.h ] || { echo "bench-match wants LEMON: apt-get install g++ liblemon-dev" >&2; exit 1; }
	@echo "  CXX   $<"
	@g++ -std=gnu++17 -O2 -c -o $@ $<
$(BUILD)/bin/bench-match: $(call objs,tests/bench/match_bench.c tests/bench/match_world.c) $(BUILD)/obj/tests/bench/match_peer.o $(BUILD)/lib/libmatch.a
	@mkdir -p $(dir $@)
	@g++ -o $@ $^ -llemon
.PHONY: bench-match
bench-match: $(BUILD)/bin/bench-match ## matching at scale: the full solve beside LEMON's, and single changes
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/bench/match_bench.py $(BENCH_OUT) $(MATCH_BENCH_PEOPLE) $(MATCH_BENCH_EDGES) $(MATCH_BENCH_ROUNDS) $(MATCH_BENCH_CHANGES)

BENCH_UNTIL ?= 2015-09-01
.PHONY: bench-scaled
bench-scaled: product ## every Flemish municipality, replayed as far as BENCH_UNTIL: rate, memory, costs, restart
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/bench/scaled_bench.py $(BENCH_UNTIL) $(BENCH_OUT)
