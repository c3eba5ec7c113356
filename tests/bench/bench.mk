# make bench: every tests/bench/bench_*.sh and bench_*.py, one after another, against the release build.
#
# A bench prints its figures and their bounds, and fails when one is missed. Programs in C beside them
# (tests/bench/*.c) are built into build/release/bench/ and linked with everything but the two main
# functions. In the environment: BENCH_BIN, that folder; AGENT, the executable. What a bench writes goes
# into a folder of its own below TMPDIR and is removed.

BENCH_SRC := $(wildcard tests/bench/*.c)
BENCH_BIN := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(BENCH_SRC))
BENCH_RUN := $(sort $(wildcard tests/bench/bench_*.sh tests/bench/bench_*.py))

$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(BUILD)/libtested.a
	@mkdir -p $(@D)
	$(CC) $(LINK) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS) $(SANDBOX_LIBS)

bench: $(BENCH_BIN) $(BUILD)/qtest-sync $(BUILD)/qtest-sandbox
	@failed=; for b in $(BENCH_RUN); do \
	    case $$b in *.py) run=python3;; *) run=sh;; esac; \
	    echo "== $$b"; \
	    BENCH_BIN=$(BUILD)/bench AGENT=$(BUILD)/qtest-sync $$run $$b || failed="$$failed $$b"; \
	done; test -z "$$failed" || { echo "missed:$$failed"; exit 1; }

.PHONY: bench
