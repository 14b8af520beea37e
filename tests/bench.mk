# Measuring: everything compared is measured in one run, in turns. The figures go into the pages in BENCH_OUT, between
# their marks; BENCH_OUT=docs is how docs/ has them.
BENCH_OUT ?= $(BUILD)/bench
BENCH_EVENTS ?= 200000
BENCH_ROUNDS ?= 5
BENCH := BUILD=$(abspath $(BUILD)) PYTHONPATH=tests/bench:tests/support /usr/bin/python3 -B
.PHONY: bench bench-bus bench-deps bench-demo bench-scaled

# The peers' servers and client libraries are needed here alone; what is not installed is passed over.
LIB_jetstream := libnats
LIB_redis := hiredis
LIB_rabbitmq := librabbitmq
PEERS := $(foreach p,jetstream redis rabbitmq,$(if $(shell pkg-config --exists $(LIB_$(p)) 2>/dev/null && echo yes),$(p)))
CONTESTANTS := ceiling koppel $(PEERS)
CONTESTANT_OBJ := $(BUILD)/obj/tests/bench/bus/contestant.o $(BUILD)/obj/tests/bench/bus/effect.o
$(BUILD)/obj/tests/bench/bus/koppel.o: override OPT += -I$(BUILD)/gen/ledger
$(CONTESTANTS:%=$(BUILD)/bin/bench-%): $(BUILD)/bin/bench-%: $(CONTESTANT_OBJ) $(BUILD)/obj/tests/bench/bus/%.o \
                                       $(BUILD)/lib/libschema-ledger.a $(BUILD)/lib/libbus.a
	@mkdir -p $(dir $@)
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS) $(if $(LIB_$*),$(shell pkg-config --libs $(LIB_$*)))
$(BUILD)/bin/bench-pauses: $(BUILD)/obj/tests/bench/bus/pauses.o $(BUILD)/lib/libbus.a
	@mkdir -p $(dir $@)
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)
test-programs: $(BUILD)/bin/bench-ceiling $(BUILD)/bin/bench-koppel $(BUILD)/bin/bench-pauses # so that they do not rot
.SECONDARY: $(CONTESTANT_OBJ) $(CONTESTANTS:%=$(BUILD)/obj/tests/bench/bus/%.o)

bench: ## the bus beside NATS JetStream, Redis Streams, RabbitMQ and its bare ceiling; then the demonstration
	@$(MAKE) --no-print-directory bench-bus
	@$(MAKE) --no-print-directory bench-demo

bench-bus: gen $(CONTESTANTS:%=$(BUILD)/bin/bench-%) $(BUILD)/bin/bench-pauses $(BUILD)/bin/ledger-source $(BUILD)/bin/ledger-drain
	@$(BENCH) tests/bench/bus/bench.py $(BENCH_EVENTS) $(BENCH_ROUNDS) $(BENCH_OUT)

bench-deps: ## install what `make bench` compares with: servers and C clients (Debian packages)
	@tools/deps nats-server libnats-dev redis-server libhiredis-dev rabbitmq-server librabbitmq-dev

bench-demo: product ## the demonstration, replayed as fast as it goes: events a second and what they cost
	@$(BENCH) tests/bench/replay/demo.py $(BENCH_OUT)

BENCH_UNTIL ?= 2015-09-01
bench-scaled: product ## every Flemish municipality, replayed as far as BENCH_UNTIL: rate, memory, costs, restart
	@$(BENCH) tests/bench/replay/scaled.py $(BENCH_UNTIL) $(BENCH_OUT)

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
	@$(BENCH) tests/bench/policy/bench.py $(POLICY_SEEDS) $(BENCH_OUT)

# LEMON is for this comparison alone: Debian's liblemon-dev and g++, which nothing else here needs.
MATCH_BENCH_PEOPLE ?= 100000
MATCH_BENCH_EDGES ?= 16
MATCH_BENCH_ROUNDS ?= 3
MATCH_BENCH_CHANGES ?= 5000
$(BUILD)/obj/tests/bench/match/peer.o: tests/bench/match/peer.cc tests/bench/match/peer.h
	@mkdir -p $(dir $@)
	@[ -e /usr/include/lemon/network_simplex.h ] || { echo "bench-match wants LEMON: apt-get install g++ liblemon-dev" >&2; exit 1; }
	@echo "  CXX   $<"
	@g++ -std=gnu++17 -O2 -c -o $@ $<
$(BUILD)/bin/bench-match: $(call objs,tests/bench/match/main.c tests/bench/match/world.c) $(BUILD)/obj/tests/bench/match/peer.o $(BUILD)/lib/libmatch.a
	@mkdir -p $(dir $@)
	@g++ -o $@ $^ -llemon
.PHONY: bench-match
bench-match: $(BUILD)/bin/bench-match ## matching at scale: the full solve beside LEMON's, and single changes
	@$(BENCH) tests/bench/match/bench.py $(BENCH_OUT) $(MATCH_BENCH_PEOPLE) $(MATCH_BENCH_EDGES) $(MATCH_BENCH_ROUNDS) $(MATCH_BENCH_CHANGES)
