# The slow proofs: what a change must pass beside `make test`.
.PHONY: check check-format check-gcc check-clang check-asan check-layers lint format docs

check: check-format check-layers check-gcc check-clang check-asan lint fuzz faults standby check-compose ## sanitizers, two compilers, clang-tidy, layers, fuzzing, faults, two hosts, containers

check-layers: all ## the dependency law, and what is said and answered, from the symbols of the object files
	@python3 tools/check_layers.py $(BUILD)
	@python3 -B tools/check_said.py $(BUILD)

# The tools of these checks are not needed to build or to test.
CHECK_DEPS := $(BUILD)/.check-deps
$(CHECK_DEPS): tools/deps
	@mkdir -p $(BUILD)
	@tools/deps clang clang-tidy clang-format libclang-rt-14-dev
	@touch $@

check-gcc: ## gcc: no warnings, in the tests neither
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/gcc OPT="-O2 -g -Werror" all test-programs

check-clang: $(CHECK_DEPS) ## clang: no warnings, in the tests neither
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/clang CC=clang OPT="-O1 -Werror" all test-programs

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
ASAN_TESTS := example gateway gateway_access gateway_hostile hostile matching_duos matching_people matching_restart \
              matching_time notifications mail registry registry_people registry_merging \
              registry_import reporting scheduling series attendance
ASAN_REPORTS = $(abspath $(BUILD))/asan/reports
ASAN_SAYS = log_path=$(ASAN_REPORTS)/report:print_stacktrace=1
# A service that dies is started again by some tests, and a leak shows only when it ends: what counts is the reports.
check-asan: ## unit and store tests, and each service at work, under the address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPT="-O1 -g" SAN="$(SANITIZE)" unit store all
	@rm -rf $(ASAN_REPORTS) && mkdir -p $(ASAN_REPORTS)
	@BUILD=$(abspath $(BUILD))/asan ASAN_OPTIONS=$(ASAN_SAYS) UBSAN_OPTIONS=$(ASAN_SAYS) \
	  tests/run-all asan $(ASAN_TESTS:%=tests/system/%_test.py); passed=$$?; \
	  ! cat $(ASAN_REPORTS)/* 2>/dev/null && exit $$passed

LINT_SRC := $(wildcard libbus/*/*.c libmatch/*.c libprivacy/*.c libfacts/*.c libdays/*.c services/*/*.c cli/*.c cli/*/*.c examples/*/*.c)
lint: $(CHECK_DEPS) gen ## clang-tidy over all sources
	@printf '%s\n' $(LINT_SRC) | xargs -P 2 -n 4 tools/lint $(BUILD)

docs: gen ## write build/docs/events.md, asyncapi.json and openapi.json
	@mkdir -p $(BUILD)/docs
	@python3 tools/schema/compile.py docs schemas $(BUILD)/docs/events.md
	@python3 tools/schema/compile.py asyncapi schemas $(BUILD)/docs/asyncapi.json
	@cp $(BUILD)/gen/openapi.json $(BUILD)/docs/openapi.json
	@echo "$(BUILD)/docs/events.md, $(BUILD)/docs/asyncapi.json and $(BUILD)/docs/openapi.json"

FORMATTED = git ls-files '*.c' '*.h' | grep -v tests/schema/golden | xargs clang-format
format: $(CHECK_DEPS) ## clang-format over all sources
	@$(FORMATTED) -i

check-format: $(CHECK_DEPS) ## whether make format would change anything
	@$(FORMATTED) --dry-run -Werror
