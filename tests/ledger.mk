# The ledger: small services on libbus under fire, and the product itself (six_test.py). The schemas of the small
# ones are compiled apart, as the examples' are.
.PHONY: ledger
LEDGER := source relay sink drain

LEDGER_SCHEMAS := $(wildcard tests/ledger/schemas/*/*.json)
$(BUILD)/gen/ledger/.schema: $(LEDGER_SCHEMAS) $(wildcard tools/schema/*.py tools/schema/*/*.py)
	@mkdir -p $(BUILD)/gen/ledger/schema
	@python3 tools/schema/compile.py c tests/ledger/schemas $(BUILD)/gen/ledger/schema
	@touch $@
LEDGER_GEN_C := $(patsubst %,$(BUILD)/gen/ledger/schema/%.c,common source relay sink)
$(LEDGER_GEN_C): $(BUILD)/gen/ledger/.schema ;
gen: $(BUILD)/gen/ledger/.schema $(patsubst %,$(BUILD)/gen/sql/%.c,$(LEDGER))

# In front of the product's own: both have a common.h.
$(BUILD)/obj/tests/ledger/%.o $(BUILD)/obj/gen/ledger/%.o: override OPT += -I$(BUILD)/gen/ledger
$(BUILD)/lib/libschema-ledger.a: $(patsubst $(BUILD)/gen/%.c,$(BUILD)/obj/gen/%.o,$(LEDGER_GEN_C))
	$(archive)
$(foreach s,$(LEDGER),$(eval $(call sql_rules,$(s),tests/ledger/$(s))))
$(foreach s,$(LEDGER),$(eval $(call service_rules,$(s),tests/ledger/$(s),ledger-,$(BUILD)/lib/libschema-ledger.a $(BUILD)/lib/libbus.a)))
LEDGER_BIN := $(patsubst %,$(BUILD)/bin/ledger-%,$(LEDGER))
all: $(LEDGER_BIN)

LEDGER_TESTS := $(sort $(wildcard tests/ledger/*_test.py))
ledger: all ## the bus under fire: kills, pauses, lost databases; what was heard is counted afterwards
	@BUILD=$(abspath $(BUILD)) tests/run-all ledger $(LEDGER_TESTS)
