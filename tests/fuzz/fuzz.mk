# Fuzzing. Every tests/fuzz/fuzz_<x>.c defines LLVMFuzzerTestOneInput; its seeds and past findings lie in
# tests/fuzz/corpus/<x>/ and stay small.
#
#   make fuzz-replay   builds each target with tests/fuzz/replay.c in place of libFuzzer (fuzz-programs) and
#                      feeds it its corpus: part of every test run, under any compiler and sanitizer
#   make fuzz          runs each target under libFuzzer for FUZZ_SECONDS (default 60); needs clang. New
#                      inputs go to build/fuzz/<x>/, a finding to build/fuzz/<x>-...
#   make fuzz-<x>      one of them

FUZZ_SECONDS ?= 60
FUZZ_CC      ?= clang
FUZZ_SRC     := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_NAMES   := $(patsubst tests/fuzz/fuzz_%.c,%,$(FUZZ_SRC))
FUZZ_REPLAY  := $(patsubst %,$(BUILD)/fuzz/replay_%,$(FUZZ_NAMES))
FUZZ_FLAGS   := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_OBJ     := $(patsubst %.c,build/fuzz/obj/%.o,$(TESTED_SRC))


$(BUILD)/fuzz/replay_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/obj/tests/fuzz/replay.o $(BUILD)/libtested.a
	@mkdir -p $(@D)
	$(CC) $(LINK) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS) $(SANDBOX_LIBS)

fuzz-programs: $(FUZZ_REPLAY)

fuzz-replay: fuzz-programs
	@for x in $(FUZZ_NAMES); do $(BUILD)/fuzz/replay_$$x tests/fuzz/corpus/$$x || exit 1; done

# libFuzzer wants to see the branches of every source.
build/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(CSTD) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link $(WARN) -Iinclude -Isrc $(PKG_CFLAGS) -MMD -MP -c -o $@ $<

build/fuzz/libtested.a: $(FUZZ_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

build/fuzz/fuzz_%: build/fuzz/obj/tests/fuzz/fuzz_%.o build/fuzz/libtested.a
	$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $^ $(AGENT_LIBS) $(SANDBOX_LIBS)

# The sandbox's targets need the sandbox instead. (make takes the rule with the shorter stem.)
SANDBOX_FUZZED_SRC := $(filter-out src/sandbox/main.c,$(SANDBOX_SRC))

build/fuzz/fuzz_sandbox_%: tests/fuzz/fuzz_sandbox_%.c $(SANDBOX_FUZZED_SRC) $(wildcard include/*/*.h src/*/*.h)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(CSTD) $(FUZZ_FLAGS) $(WARN) -Iinclude -Isrc $(PKG_CFLAGS) -o $@ $< $(SANDBOX_FUZZED_SRC) \
	    $(SANDBOX_LIBS)

fuzz-%: build/fuzz/fuzz_%
	@mkdir -p build/fuzz/$*
	$< -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
	    -artifact_prefix=build/fuzz/$*- build/fuzz/$* tests/fuzz/corpus/$*

fuzz: $(patsubst %,fuzz-%,$(FUZZ_NAMES))

.PHONY: fuzz fuzz-programs fuzz-replay
-include $(shell find build/fuzz/obj -name '*.d' 2>/dev/null)
