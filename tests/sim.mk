# The simulation: the loop as it is shipped, on simulated sockets, tables and clocks. Windows and batches are small
# there, so that being full is common. All of libbus is compiled anew, as one program: a fifth more worlds a second.
.PHONY: sim sim-mutants
SIM_SEEDS ?= 25000
SIM_FLAGS := -DFOLLOW_WINDOW=16 -DFOLLOW_FETCH_N=5 -DFOLLOW_ANSWER_US=700000 -DFOLLOW_GREET_US=200000 -DTURN_ITEMS_MAX=12 -DTURN_ITEMS_CAREFUL=3 \
             -DAHEAD_US=0 -DBEAT_US=250000 -DSTORE_SILENT_MS=100 -DCARE_US=2000000 -DTURN_WORK_US=300 -DANSWERED_BITS_LOG2=8 -DREADERS_MAX=4 -DSTORE_RUN_BYTES=1500 \
             -DTIMER_EVERY=4 -DTIMER_US=2000 -DCLEAR_EVERY=8 -DEFFECT_EVERY=5 -DAGAIN_EVERY=10 -DBUS_FAILPOINTS -I$(BUILD)/gen/ledger $(if $(SAN),,-DSIM_OWN_MEMORY)
SIM_WHOLE := $(if $(SAN)$(findstring clang,$(CC)),,-flto=auto -ffat-lto-objects)
SIM_OPT := $(if $(SAN),,-fno-stack-protector -fno-pie)
SIM_LIB := $(filter-out %/config.c %/health.c %/rest.c %/stop.c %/worker.c,$(wildcard libbus/app/*.c)) $(wildcard libbus/flow/*.c) \
           libbus/store/answered.c
SIM_SERVICES := source relay sink
SIM_SRC := $(wildcard tests/sim/*.c) $(SIM_LIB) $(patsubst %,tests/ledger/%/main.c,$(SIM_SERVICES))
SIM_OBJ := $(patsubst %.c,$(BUILD)/sim/%.o,$(SIM_SRC))
# What the simulation stands in for is never asked for, so it stays in the archive.
SIM_REST := $(patsubst %.c,$(BUILD)/sim/%.o,$(filter-out $(SIM_LIB),$(wildcard libbus/*/*.c)))

$(BUILD)/sim/%.o: %.c tests/sim.mk | gen
	@mkdir -p $(dir $@)
	@echo "  SIM   $<"
	@$(CC) $(SIM_RENAME) $(SIM_FLAGS) $(CFLAGS) $(SIM_OPT) $(SIM_WHOLE) -U_FORTIFY_SOURCE -c -o $@ $<
# Their main() only hands the table over, two of them take the same event, and they may not take the simulation along when they
# die.
$(foreach s,$(SIM_SERVICES),$(eval $(BUILD)/sim/tests/ledger/$(s)/main.o: SIM_RENAME := -Dmain=$(s)_main -Don_source_counted=$(s)_counted -Dbus_main=sim_register -Dabort=sim_abort))

SIM_LINK := $(patsubst %,$(BUILD)/obj/gen/sql/%.o,$(SIM_SERVICES)) $(BUILD)/lib/libschema-ledger.a $(BUILD)/sim/libbus.a $(BUILD)/obj/gen/sql/bus.o
SIM_LIBS := $(if $(SAN),-lsodium,-no-pie -static -lsodium) -lm -lpthread
$(BUILD)/sim/libbus.a: $(SIM_REST)
	@rm -f $@
	@gcc-ar rc $@ $^

$(BUILD)/bin/sim: $(SIM_OBJ) $(SIM_LINK)
	@mkdir -p $(dir $@)
	@echo "  LD    $@"
	@$(CC) $(CFLAGS) $(SIM_OPT) $(SIM_WHOLE) -o $@ $^ $(SIM_LIBS)

sim: $(BUILD)/bin/sim ## the bus in a simulated world, seed after seed: SIM_SEEDS=25000
	@/usr/bin/python3 -B tests/sim/mutants --places
	@$(BUILD)/bin/sim --seeds $(SIM_SEEDS)

# MUTANTS="ignore-after position-first" for some of them. With MUTANT_FINDS each is found so many times, for figures.
MUTANT_FINDS ?= 1
sim-mutants: $(BUILD)/bin/sim ## break libbus on purpose, one promise at a time: the simulation must notice each
	@SIM_CC="$(CC) $(SIM_FLAGS) $(CFLAGS) $(SIM_OPT) -fno-lto -U_FORTIFY_SOURCE -Itests/sim" SIM_OBJECTS="$(SIM_OBJ)" \
	  SIM_LIBS="$(SIM_LINK) $(SIM_LIBS)" MUTANT_FINDS=$(MUTANT_FINDS) BENCH_OUT=$(BENCH_OUT) \
	  /usr/bin/python3 -B tests/sim/mutants $(BUILD) $(MUTANTS)

-include $(patsubst %.o,%.d,$(SIM_OBJ) $(SIM_REST))
