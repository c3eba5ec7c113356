# Front door of the build. The words:
#
#   make               both executables, optimised, in build/release/
#   make debug         the same without optimisation, in build/debug/
#   make asan          with AddressSanitizer and UndefinedBehaviorSanitizer, in build/asan/
#   make check         the unit tests (sh tests/run.sh runs everything)
#   make install       PREFIX=/usr/local, DESTDIR=
#   make clean
#
# CC=clang builds with clang; WERROR=1 turns warnings into errors, as CI does.

CC      ?= gcc
PREFIX  ?= /usr/local
VARIANT ?= release
BUILD   := build/$(VARIANT)

WARN := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes $(if $(WERROR),-Werror)
ifeq ($(VARIANT),release)
OPT  := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
else ifeq ($(VARIANT),asan)
OPT  := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LINK := -fsanitize=address,undefined
else
OPT  := -O0 -g
endif

AGENT_PKGS   := libcurl libcjson libxml-2.0
SANDBOX_PKGS := libmicrohttpd gnutls sqlite3 libcjson
PKGS         := $(AGENT_PKGS) libmicrohttpd gnutls sqlite3
PKG_CFLAGS   := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
AGENT_LIBS   := $(shell pkg-config --libs $(AGENT_PKGS) 2>/dev/null)
SANDBOX_LIBS := $(shell pkg-config --libs $(SANDBOX_PKGS) 2>/dev/null)
TEST_LIBS    := $(shell pkg-config --libs cmocka 2>/dev/null)

CSTD     := -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
ALL_CFLAGS = $(CSTD) $(OPT) $(WARN) -Iinclude -Isrc $(PKG_CFLAGS) $(CFLAGS)

objects      = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
BASE_SRC    := $(wildcard src/base/*.c)
AGENT_SRC   := $(BASE_SRC) $(foreach d,report qtest sync cli,$(wildcard src/$(d)/*.c))
SANDBOX_SRC := $(BASE_SRC) $(wildcard src/sandbox/*.c)
# What the tests link: everything but the two main functions.
TESTED_SRC  := $(filter-out src/cli/main.c src/sandbox/main.c,$(sort $(AGENT_SRC) $(SANDBOX_SRC)))
UNIT_SRC    := $(wildcard tests/unit/test_*.c)
UNIT_BIN    := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))

all: $(BUILD)/qtest-sync $(BUILD)/qtest-sandbox

debug asan:
	$(MAKE) VARIANT=$@ all

$(BUILD)/qtest-sync: $(call objects,$(AGENT_SRC))
	$(CC) $(LINK) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS)

$(BUILD)/qtest-sandbox: $(call objects,$(SANDBOX_SRC))
	$(CC) $(LINK) $(LDFLAGS) -o $@ $^ $(SANDBOX_LIBS)

# -MMD writes the header dependencies beside each object; a changed flag rebuilds through .flags.
$(BUILD)/obj/%.o: %.c $(BUILD)/.flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/.flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS)' > $@

$(BUILD)/libtested.a: $(call objects,$(TESTED_SRC))
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/obj/tests/lib/test_filter.o $(BUILD)/libtested.a
	@mkdir -p $(@D)
	$(CC) $(LINK) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS) $(SANDBOX_LIBS) $(TEST_LIBS)

unit: $(UNIT_BIN)

check: unit
	@for t in $(UNIT_BIN); do ./$$t || exit 1; done

install: all
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BUILD)/qtest-sync $(BUILD)/qtest-sandbox $(DESTDIR)$(PREFIX)/bin/
	install -m 755 jenkins/qtest-sync.sh $(DESTDIR)$(PREFIX)/bin/qtest-sync.sh

clean:
	rm -rf build

FORCE:
.PHONY: all debug asan unit check install clean FORCE
.SECONDARY:
-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
-include tests/bench/bench.mk tests/fuzz/fuzz.mk tests/faults/faults.mk
-include tests/simulation/simulation.mk tests/replay/replay.mk tests/reference/reference.mk
