# Programs over the reference material beside the repository (tests/reference/run.sh). Read by the Makefile.
REFERENCE_BIN := $(patsubst tests/reference/%.c,$(BUILD)/reference/%,$(wildcard tests/reference/test_*.c))

# They share headers with the unit tests.
$(BUILD)/obj/tests/reference/%.o: ALL_CFLAGS += -Itests/unit

$(BUILD)/reference/%: $(BUILD)/obj/tests/reference/%.o $(BUILD)/libtested.a
	@mkdir -p $(@D)
	$(CC) $(LINK) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS) $(SANDBOX_LIBS) $(TEST_LIBS)

reference: $(REFERENCE_BIN)
.PHONY: reference
