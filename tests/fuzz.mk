# Hostile input: a tests/fuzz/<x>_fuzz.c is one libFuzzer target; tests/fuzz/README.md says of what. The product's
# archives are built anew for them, under the address and undefined-behaviour sanitizers.
.PHONY: fuzz fuzz-coverage fuzz-programs
FUZZ_SECONDS ?= 60
FUZZ_JOBS ?= $(shell nproc)
FUZZ_NAMES := $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_SUPPORT := $(filter-out %_fuzz.c,$(wildcard tests/fuzz/*.c))
FUZZ_BIN := $(FUZZ_NAMES:%=$(BUILD)/bin/fuzz-%)
# Whose code a target is for, where that is not a library's.
FUZZ_OF_adapter := service-gateway
FUZZ_OF_config := service-gateway
FUZZ_OF_http := service-gateway
FUZZ_OF_import := cli service-registry
FUZZ_OF_intake := service-gateway
FUZZ_OF_keys := service-gateway
FUZZ_OF_logfile := cli
FUZZ_OF_mail := service-notifications
FUZZ_OF_publish := cli
FUZZ_OF_query := service-gateway
FUZZ_OF_rrule := service-scheduling

define fuzz_rule
$(BUILD)/bin/fuzz-$(1): $(call objs,tests/fuzz/$(1)_fuzz.c) $(BUILD)/lib/fuzz-support.a $(FUZZ_OF_$(1):%=$(BUILD)/lib/%.a) $(LIBS)
	@mkdir -p $$(dir $$@)
	@echo "  LD    $$@"
	@$$(CC) $$(CFLAGS) -fsanitize=fuzzer -o $$@ $$^ $$(LDLIBS)
endef
$(foreach name,$(FUZZ_NAMES),$(eval $(call fuzz_rule,$(name))))
$(BUILD)/lib/fuzz-support.a: $(call objs,$(FUZZ_SUPPORT))
	$(archive)
fuzz-programs: $(FUZZ_BIN)

FUZZ_MAKE = $(MAKE) --no-print-directory $(JOBS) CC=clang OPT="-O1 -g"
# TARGETS="http import" for some of them.
TARGETS ?= $(FUZZ_NAMES)
fuzz: $(CHECK_DEPS) ## what comes from outside, under libFuzzer: FUZZ_SECONDS=60 for each target, FUZZ_JOBS side by side
	@$(FUZZ_MAKE) BUILD=$(BUILD)/fuzz SAN="-fsanitize=fuzzer-no-link $(SANITIZE)" fuzz-programs
	@printf '%s\n' $(TARGETS) | xargs -P $(FUZZ_JOBS) -I NAME tools/fuzz $(BUILD)/fuzz/bin/fuzz-NAME $(FUZZ_SECONDS)

fuzz-coverage: $(CHECK_DEPS) ## the lines that each target's kept inputs reach
	@$(FUZZ_MAKE) BUILD=$(BUILD)/fuzz-coverage SAN="-fsanitize=fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping" fuzz-programs
	@tools/fuzz-coverage $(BUILD)/fuzz-coverage $(TARGETS)
