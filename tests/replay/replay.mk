# The replay of a --trace against the engine in the same process. Read by the Makefile.
REPLAY_SRC := $(wildcard tests/replay/*.c)

$(BUILD)/replay: $(call objects,$(REPLAY_SRC)) $(BUILD)/libtested.a
	$(CC) $(LINK) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS) $(SANDBOX_LIBS)

replay: $(BUILD)/replay
.PHONY: replay
