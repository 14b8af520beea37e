# Store tests: each program runs a private Postgres cluster on a unix socket.
.PHONY: store

STORE_SRC := $(wildcard tests/store/*_test.c)
STORE_BIN := $(patsubst tests/store/%.c,$(BUILD)/tests/store/%,$(STORE_SRC))
STORE_SUPPORT_OBJ := $(call objs,$(wildcard tests/support/*.c) \
                       $(filter-out %_test.c,$(wildcard tests/store/*.c)))

.SECONDARY: $(call objs,$(STORE_SRC)) $(STORE_SUPPORT_OBJ)

$(BUILD)/tests/store/%: $(BUILD)/obj/tests/store/%.o $(STORE_SUPPORT_OBJ) $(BUILD)/lib/libbus.a
	@mkdir -p $(dir $@)
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS) -lcmocka
# These lie one folder less deep than the unit tests.
$(BUILD)/obj/tests/store/%.o $(BUILD)/obj/tests/support/%.o: CFLAGS += -I.

test-programs: $(STORE_BIN)

store: gen $(STORE_BIN) ## store tests: private Postgres clusters on unix sockets
	@tests/run-all store $(STORE_BIN)
