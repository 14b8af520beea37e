# Koppel: `make run` starts it, `make test` proves it, `make help` lists the rest.
# Sources are found by convention: libbus/*/*.c, libmatch/*.c, libprivacy/*.c, libfacts/*.c, libdays/*.c, services/<name>/*.c with sql/ and migrations/,
# cli/*.c, tests/unit/<area>/*_test.c. Nothing generated is committed.

BUILD ?= build
CC ?= gcc
OPT ?= -O2 -g
SAN ?=

PKGS := libzmq libczmq libpq jansson libmicrohttpd libcurl libical libsodium xlsxwriter
MSGPACK := $(shell pkg-config --exists msgpack-c 2>/dev/null && echo msgpack-c || echo msgpack)
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) $(MSGPACK) 2>/dev/null)
PKG_LIBS = $(shell pkg-config --libs $(PKGS) $(MSGPACK) 2>/dev/null)

CFLAGS = -std=gnu17 -D_GNU_SOURCE $(OPT) $(SAN) -Wall -Wextra -Wshadow -Wstrict-prototypes -Wconversion \
         -Werror=incompatible-pointer-types -Werror=int-conversion -Werror=implicit-function-declaration \
         -Wno-sign-conversion -fstack-protector-strong $(if $(SAN),,-D_FORTIFY_SOURCE=2) -MMD -MP \
         -Ilibbus/include -Ilibbus -Ilibmatch/include -Ilibprivacy/include -Ilibfacts/include -Ilibdays/include -I$(BUILD)/gen $(PKG_CFLAGS)
LDLIBS = $(PKG_LIBS) -lm -lpthread

SERVICES := $(notdir $(patsubst %/,%,$(dir $(wildcard services/*/main.c))))
EXAMPLES := $(notdir $(patsubst %/,%,$(dir $(wildcard examples/*/main.c))))

.PHONY: all run test help clean deps gen
all: product

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' Makefile tests/*.mk | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

# ---- what must be installed; asks sudo where not root
$(BUILD)/.deps: tools/deps
	@mkdir -p $(BUILD)
	@tools/deps
	@touch $@
deps: ## install what building needs (Debian packages)
	@tools/deps

# ---- generated sources
SCHEMA_FILES := $(wildcard schemas/common.json schemas/*/*.json)
SCHEMA_SERVICES := $(sort $(notdir $(patsubst %/,%,$(dir $(wildcard schemas/*/*.json)))))
GEN_SCHEMA_C := $(patsubst %,$(BUILD)/gen/schema/%.c,common $(SCHEMA_SERVICES) all help)
GEN_SQL_C := $(patsubst %,$(BUILD)/gen/sql/%.c,$(SERVICES) $(EXAMPLES) bus)

$(BUILD)/gen/.schema: $(SCHEMA_FILES) $(wildcard tools/schema/*.py tools/schema/*/*.py)
	@mkdir -p $(BUILD)/gen/schema
	@echo "  GEN   schemas → C"
	@python3 tools/schema/compile.py c schemas $(BUILD)/gen/schema
	@touch $@
$(GEN_SCHEMA_C) $(GEN_SCHEMA_C:.c=.h): $(BUILD)/gen/.schema ;

# The examples have messages of their own, compiled apart from the product's.
EXAMPLE_SCHEMA_FILES := $(wildcard examples/schemas/*/*.json)
EXAMPLE_SERVICES := $(sort $(notdir $(patsubst %/,%,$(dir $(EXAMPLE_SCHEMA_FILES)))))
$(BUILD)/gen/examples/.schema: $(EXAMPLE_SCHEMA_FILES) $(wildcard tools/schema/*.py tools/schema/*/*.py)
	@mkdir -p $(BUILD)/gen/examples/schema
	@python3 tools/schema/compile.py c examples/schemas $(BUILD)/gen/examples/schema
	@touch $@
EXAMPLE_GEN_C := $(patsubst %,$(BUILD)/gen/examples/schema/%.c,common $(EXAMPLE_SERVICES))
$(EXAMPLE_GEN_C) $(EXAMPLE_GEN_C:.c=.h): $(BUILD)/gen/examples/.schema ;

define sql_rules
$(BUILD)/gen/sql/$(1).c: $$(wildcard $(2)/sql/*.sql $(2)/migrations/*.sql) tools/embed_sql.py
	@mkdir -p $$(dir $$@)
	@echo "  GEN   $(2)/sql → C"
	@python3 tools/embed_sql.py $(1) $(2) $$(basename $$@)
endef
$(foreach s,$(SERVICES),$(eval $(call sql_rules,$(s),services/$(s))))
$(foreach s,$(EXAMPLES),$(eval $(call sql_rules,$(s),examples/$(s))))
$(eval $(call sql_rules,bus,libbus/store))
# Made beside it: without a rule make would look at the header before, and not again.
$(GEN_SQL_C:.c=.h): %.h: %.c ;

# Texts for people, where a service has them: services/<name>/texts/<template>.<language>.txt
TEXT_SERVICES := $(filter $(SERVICES),$(patsubst services/%/texts/,%,$(wildcard services/*/texts/)))
$(TEXT_SERVICES:%=$(BUILD)/gen/texts/%.c): $(BUILD)/gen/texts/%.c: tools/embed_texts.py $(wildcard services/*/texts/*.txt)
	@mkdir -p $(dir $@)
	@echo "  GEN   services/$*/texts → C"
	@python3 tools/embed_texts.py services/$*/texts $@

# Every call over HTTP, of the schemas and the gateway's own tables.
$(BUILD)/gen/openapi.json: $(SCHEMA_FILES) $(wildcard tools/schema/*.py) $(addprefix services/gateway/,routes.c commands.c intake_header.c)
	@mkdir -p $(dir $@)
	@echo "  GEN   schemas → openapi.json"
	@python3 tools/schema/compile.py openapi schemas services/gateway $@

# Static files, where a service serves them: services/<name>/board/ and FILES_<name>
FILES_gateway := v1/openapi.json=$(BUILD)/gen/openapi.json v1/import-template=data/lists/import-template.csv \
                 handleiding.md=docs/handleiding.md
$(BUILD)/gen/files/gateway.c: $(BUILD)/gen/openapi.json data/lists/import-template.csv docs/handleiding.md
FILE_SERVICES := $(filter $(SERVICES),$(patsubst services/%/board/,%,$(wildcard services/*/board/)))
$(FILE_SERVICES:%=$(BUILD)/gen/files/%.c): $(BUILD)/gen/files/%.c: tools/embed_files.py $(wildcard services/*/board/*)
	@mkdir -p $(dir $@)
	@echo "  GEN   services/$*/board → C"
	@python3 tools/embed_files.py services/$*/board $(basename $@) $(FILES_$*)

$(BUILD)/gen/files/cli.c: tools/embed_files.py $(wildcard data/lists/*)
	@mkdir -p $(dir $@)
	@echo "  GEN   data/lists → C"
	@python3 tools/embed_files.py data/lists $(basename $@)

$(patsubst %,$(BUILD)/gen/files/%.h,$(FILE_SERVICES) cli): %.h: %.c ;

$(BUILD)/gen/places.c: tools/embed_places.py data/places.csv
	@mkdir -p $(dir $@)
	@echo "  GEN   data/places.csv → C"
	@python3 tools/embed_places.py data/places.csv $@

$(BUILD)/gen/languages.c: tools/embed_languages.py data/languages.txt
	@mkdir -p $(dir $@)
	@echo "  GEN   data/languages.txt → C"
	@python3 tools/embed_languages.py data/languages.txt $@

# What this is built from, for koppel --version; written when it has changed.
.PHONY: version
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unreleased)
$(BUILD)/gen/version.h: version
	@mkdir -p $(dir $@)
	@echo '#define KOPPEL_VERSION "$(VERSION)"' | cmp -s - $@ || echo '#define KOPPEL_VERSION "$(VERSION)"' >$@

gen: $(BUILD)/.deps $(BUILD)/gen/version.h $(BUILD)/gen/.schema $(BUILD)/gen/examples/.schema $(GEN_SQL_C) $(patsubst %,$(BUILD)/gen/texts/%.c,$(TEXT_SERVICES)) $(patsubst %,$(BUILD)/gen/files/%.c,$(FILE_SERVICES) cli) $(BUILD)/gen/places.c $(BUILD)/gen/languages.c ## make the C of schemas, SQL, texts, places and languages in build/gen
	@:

# ---- objects and libraries
$(BUILD)/obj/%.o: %.c | gen
	@mkdir -p $(dir $@)
	@echo "  CC    $<"
	@$(CC) $(if $(filter examples/%,$<),-I$(BUILD)/gen/examples) $(if $(filter cli/% tests/unit/cli/% tests/fuzz/%,$<),-Icli) $(CFLAGS) -c -o $@ $<
$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c | gen
	@mkdir -p $(dir $@)
	@echo "  CC    gen/$*.c"
	@$(CC) $(if $(filter examples/%,$*),-I$(BUILD)/gen/examples) $(CFLAGS) -c -o $@ $<

objs = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
define archive
	@mkdir -p $(dir $@)
	@rm -f $@
	@ar rcs $@ $^
endef

LIBBUS_OBJ := $(call objs,$(wildcard libbus/*/*.c)) $(BUILD)/obj/gen/sql/bus.o
LIBMATCH_OBJ := $(call objs,$(wildcard libmatch/*.c))
SCHEMA_OBJ := $(patsubst %,$(BUILD)/obj/gen/schema/%.o,common $(SCHEMA_SERVICES) all help)
$(BUILD)/lib/libbus.a: $(LIBBUS_OBJ)
	$(archive)
# Its searches are worth the inlining.
$(LIBMATCH_OBJ): OPT := $(OPT:-O2=-O3)
$(BUILD)/lib/libmatch.a: $(LIBMATCH_OBJ)
	$(archive)
$(BUILD)/lib/libprivacy.a: $(call objs,$(wildcard libprivacy/*.c))
	$(archive)
$(BUILD)/lib/libschema.a: $(SCHEMA_OBJ)
	$(archive)
$(BUILD)/lib/libfacts.a: $(call objs,$(wildcard libfacts/*.c)) $(BUILD)/obj/gen/places.o $(BUILD)/obj/gen/languages.o
	$(archive)
$(BUILD)/lib/libdays.a: $(call objs,$(wildcard libdays/*.c))
	$(archive)
LIBS := $(BUILD)/lib/libschema.a $(BUILD)/lib/libfacts.a $(BUILD)/lib/libdays.a $(BUILD)/lib/libmatch.a $(BUILD)/lib/libprivacy.a $(BUILD)/lib/libbus.a

$(BUILD)/lib/libschema-examples.a: $(patsubst $(BUILD)/gen/%.c,$(BUILD)/obj/gen/%.o,$(EXAMPLE_GEN_C))
	$(archive)

# A service is an archive (for its unit tests) and a program: koppel-<name>.
define service_rules
$(BUILD)/lib/service-$(1).a: $(call objs,$(filter-out %/main.c,$(wildcard $(2)/*.c))) $(BUILD)/obj/gen/sql/$(1).o $(patsubst %,$(BUILD)/obj/gen/texts/%.o,$(filter $(1),$(TEXT_SERVICES))) $(patsubst %,$(BUILD)/obj/gen/files/%.o,$(filter $(1),$(FILE_SERVICES)))
	@mkdir -p $$(dir $$@)
	@rm -f $$@
	@ar rcs $$@ $$^
$(BUILD)/bin/$(3)$(1): $(call objs,$(2)/main.c) $(BUILD)/lib/service-$(1).a $(4)
	@mkdir -p $$(dir $$@)
	@echo "  LD    $$@"
	@$$(CC) $$(CFLAGS) -o $$@ $$^ $$(LDLIBS)
endef
$(foreach s,$(SERVICES),$(eval $(call service_rules,$(s),services/$(s),koppel-,$(LIBS))))
$(foreach s,$(EXAMPLES),$(eval $(call service_rules,$(s),examples/$(s),example-,$(BUILD)/lib/libschema-examples.a $(BUILD)/lib/libbus.a)))
PRODUCT := $(patsubst %,$(BUILD)/bin/koppel-%,$(SERVICES)) $(BUILD)/bin/koppel

CLI_SRC := $(wildcard cli/*.c cli/*/*.c)
$(BUILD)/lib/cli.a: $(call objs,$(filter-out cli/main.c,$(CLI_SRC))) $(BUILD)/obj/gen/files/cli.o
	$(archive)
$(BUILD)/bin/koppel: $(call objs,cli/main.c) $(BUILD)/lib/cli.a $(LIBS)
	@mkdir -p $(dir $@)
	@echo "  LD    $@"
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

.PHONY: product
product: $(BUILD)/.deps gen $(PRODUCT)
all: $(patsubst %,$(BUILD)/bin/example-%,$(EXAMPLES))

# A compiler for each processor, unless make was told how many jobs there may be.
JOBS = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))

run: $(BUILD)/.deps ## start an embedded stack, play the demonstration log, stay up
	@$(MAKE) --no-print-directory $(JOBS) product
	@$(BUILD)/bin/koppel up --demo

clean: ## remove what was built (not var/)
	rm -rf $(BUILD)

include $(wildcard tests/*.mk)
-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
