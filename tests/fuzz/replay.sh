#!/bin/sh
# Feeds every fuzz target its corpus (tests/fuzz/fuzz.mk), one TAP line a target. BUILD as in tests/run.sh.
set -u
cd "$(dirname "$0")/../.." || exit 1

build=${BUILD:-build/release}
number=0
bad=0
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c | sed 's/^fuzz_//')
    number=$((number + 1))
    if make -s VARIANT="$(basename "$build")" "$build/fuzz/replay_$name" &&
        "$build/fuzz/replay_$name" "tests/fuzz/corpus/$name"; then
        echo "ok $number - fuzz: $name takes its corpus"
    else
        echo "not ok $number - fuzz: $name takes its corpus"
        bad=1
    fi
done
echo "1..$number"
exit $bad
