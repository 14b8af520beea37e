# The slow proofs: what a change must pass beside `make test`.
.PHONY: check check-clang check-asan check-layers lint fuzz format docs

check: check-layers check-clang check-asan lint fuzz faults standby check-compose ## sanitizers, a second compiler, clang-tidy, layers, fuzzing, faults, two hosts, containers

check-layers: all ## the dependency law, from the symbols of the object files
	@python3 tools/check_layers.py $(BUILD)

# The tools of these checks are not needed to build or to test.
CHECK_DEPS := $(BUILD)/.check-deps
$(CHECK_DEPS): tools/deps
	@mkdir -p $(BUILD)
	@tools/deps clang clang-tidy clang-format libclang-rt-14-dev
	@touch $@

check-clang: $(CHECK_DEPS) ## clang: no warnings
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/clang CC=clang OPT="-O1 -Werror" all

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
check-asan: ## unit and store tests under the address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPT="-O1 -g" SAN="$(SANITIZE)" unit store

LINT_SRC := $(wildcard libbus/*/*.c libmatch/*.c services/*/*.c cli/*.c cli/*/*.c examples/*/*.c)
lint: $(CHECK_DEPS) gen ## clang-tidy over all sources
	@printf '%s\n' $(LINT_SRC) | xargs -P 2 -n 4 tools/lint $(BUILD)

FUZZ_SECONDS ?= 60
FUZZ_BIN := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*_fuzz.c))
$(BUILD)/fuzz/%: tests/fuzz/%.c $(wildcard libbus/base/*.c libbus/wire/*.c) | $(CHECK_DEPS) gen
	@mkdir -p $(dir $@)
	@echo "  FUZZ  $<"
	@clang -std=gnu17 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined -Ilibbus/include -Ilibbus -I$(BUILD)/gen \
	  $(PKG_CFLAGS) -o $@ $< $(wildcard libbus/base/*.c libbus/wire/*.c) $(PKG_LIBS) -lm
fuzz: $(FUZZ_BIN) ## decoders under libFuzzer; FUZZ_SECONDS=60 each
	@for target in $(FUZZ_BIN); do tools/fuzz $$target $(FUZZ_SECONDS) || exit 1; done

docs: gen ## write build/docs/events.md and build/docs/asyncapi.json
	@mkdir -p $(BUILD)/docs
	@python3 tools/schema/compile.py docs schemas $(BUILD)/docs/events.md
	@python3 tools/schema/compile.py asyncapi schemas $(BUILD)/docs/asyncapi.json
	@echo "$(BUILD)/docs/events.md and $(BUILD)/docs/asyncapi.json"

format: $(CHECK_DEPS) ## clang-format over all sources
	@git ls-files '*.c' '*.h' | grep -v tests/schema/golden | xargs clang-format -i
