# Verbs that prove things. Each says what it runs as it goes.
.PHONY: test unit test-programs

# tests/unit/<area>/<x>_test.c is one cmocka program; an area named as a service links that service's archive.
UNIT_SRC := $(wildcard tests/unit/*/*_test.c)
UNIT_BIN := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(UNIT_SRC))
SUPPORT_OBJ := $(call objs,$(wildcard tests/support/*.c))
AREA_LIB = $(patsubst %,$(BUILD)/lib/service-%.a,$(filter $(SERVICES),$(1))) $(if $(filter cli,$(1)),$(BUILD)/lib/cli.a)

define unit_rule
$(BUILD)/tests/unit/$(1): $(BUILD)/obj/tests/unit/$(1).o $(SUPPORT_OBJ) $(call AREA_LIB,$(firstword $(subst /, ,$(1)))) $(LIBS)
	@mkdir -p $$(dir $$@)
	@$$(CC) $$(CFLAGS) -o $$@ $$^ $$(LDLIBS) -lcmocka
endef
$(foreach t,$(patsubst tests/unit/%.c,%,$(UNIT_SRC)),$(eval $(call unit_rule,$(t))))

test-programs: $(UNIT_BIN) # built, not run

unit: gen $(UNIT_BIN) ## unit tests: seconds, no network, no database
	@tests/run-all unit $(UNIT_BIN)
	@/usr/bin/python3 -B tests/unit/docs_test.py -q

# The rest in one go, the longest first, so that none of them is left to run alone at the end.
LONGEST := $(addprefix tests/,system/database_away_test.py system/backup_test.py ledger/six_test.py ledger/trim_test.py \
             system/repair_test.py system/demo_test.py ledger/ledger_test.py system/replay_test.py ledger/dead_command_test.py)
AT_LENGTH = $(LEDGER_TESTS) $(SYSTEM_TESTS) $(STORE_BIN)
test: $(BUILD)/.deps ## build everything and pass every test
	@$(MAKE) --no-print-directory $(JOBS) all test-programs $(BUILD)/bin/sim
	@$(MAKE) --no-print-directory $(JOBS) unit schema-test sim
	@BUILD=$(abspath $(BUILD)) tests/run-all store-ledger-system $(LONGEST) $(filter-out $(LONGEST),$(AT_LENGTH))
