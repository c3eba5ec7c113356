# The simulation: the engine against a model of qTest in the same process. Read by the Makefile.
SIMULATE_SRC := $(wildcard tests/simulation/*.c)

$(BUILD)/simulate: $(call objects,$(SIMULATE_SRC)) $(BUILD)/libtested.a
	$(CC) $(LINK) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS) $(SANDBOX_LIBS)

simulate: $(BUILD)/simulate
.PHONY: simulate
