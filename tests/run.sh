#!/bin/sh
# Runs every test that the ordinary build has, and prints as its last line: N passed, N failed, N skipped
#
#   sh tests/run.sh                    optimised build
#   sh tests/run.sh --variant asan     the same under AddressSanitizer and UndefinedBehaviorSanitizer
#   sh tests/run.sh --only e2e         one step: unit, style, fuzz, corpus, simulation, e2e, shell
#
# Each step prints TAP; its whole output is kept in build/<variant>/test-output/.
set -u
cd "$(dirname "$0")/.." || exit 1

variant=${VARIANT:-release}
only=
while [ $# -gt 0 ]; do
    case $1 in
    --variant) variant=$2 && shift 2 ;;
    --only) only=$2 && shift 2 ;;
    *)
        echo "usage: run.sh [--variant release|debug|asan] [--only STEP]" >&2
        exit 2
        ;;
    esac
done

sh tests/lib/install-missing.sh build tests || exit 1
BUILD=build/$variant
export BUILD
output=$BUILD/test-output
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
# A leak that is found late is still a failure; a missed core file is not.
ASAN_OPTIONS=${ASAN_OPTIONS:-abort_on_error=0:detect_leaks=1}
UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export ASAN_OPTIONS UBSAN_OPTIONS

passed=0
failed=0
skipped=0

# count NAME STATUS: adds up the TAP in NAME's output and shows what failed.
count() {
    log=$output/$1.tap
    skips=$(grep -Ec '^(not )?ok .*# SKIP' "$log")
    bad=$(grep -E '^not ok ' "$log" | grep -vc '# SKIP')
    good=$(grep -E '^ok ' "$log" | grep -vc '# SKIP')
    # A program that dies says nothing of the test that killed it.
    [ "$2" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
    [ $((good + bad + skips)) -eq 0 ] && bad=1
    passed=$((passed + good))
    failed=$((failed + bad))
    skipped=$((skipped + skips))
    printf '%-28s %4d passed %3d failed %3d skipped\n' "$1" "$good" "$bad" "$skips"
    if [ "$bad" -ne 0 ]; then
        echo "--- $log (exit code $2)"
        grep -vE '^ok ' "$log" | tail -n 60
        echo "---"
    fi
    grep -E '# SKIP' "$log" | sed 's/^.*# SKIP/  skipped:/'
}

# run NAME COMMAND...
run() {
    name=$1
    shift
    "$@" >"$output/$name.tap" 2>&1
    count "$name" $?
}

skip() {
    echo "  skipped: $1"
    skipped=$((skipped + 1))
}

wanted() { [ -z "$only" ] || [ "$only" = "$1" ]; }

mkdir -p "$output"
echo "building ($variant)"
if ! make -s -j"$jobs" VARIANT="$variant" WERROR=1 all unit >"$output/build.log" 2>&1; then
    tail -n 40 "$output/build.log"
    echo "the build failed"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi

if wanted unit; then
    for test in "$BUILD"/unit/test_*; do
        [ -f "tests/unit/$(basename "$test").c" ] || continue # built from a file that is gone
        CMOCKA_MESSAGE_OUTPUT=TAP run "unit-$(basename "$test" | sed 's/^test_//')" "$test"
    done
fi
wanted style && run style python3 tests/style/check_style.py
if wanted fuzz; then
    if [ -f tests/fuzz/replay.sh ]; then
        run fuzz-replay sh tests/fuzz/replay.sh
    fi
fi
if wanted corpus; then
    if [ -d ../shared/corpus/junit ]; then
        run corpus python3 tests/corpus/check_corpus.py ../shared/corpus/junit
    else
        skip "corpus: ../shared/corpus/junit is absent"
    fi
fi
if wanted simulation; then
    # The protocol against a model of qTest: about 2,000 schedules a second, far fewer under sanitizers.
    schedules=100000
    [ "$variant" = release ] || schedules=3000
    if make -s -j"$jobs" VARIANT="$variant" WERROR=1 "$BUILD/simulate" >"$output/simulate.log" 2>&1; then
        run simulation-self-test "$BUILD/simulate" --self-test
        run simulation "$BUILD/simulate" --count "$schedules"
    else
        tail -n 40 "$output/simulate.log"
        failed=$((failed + 1))
    fi
fi
wanted e2e && run e2e python3 tests/lib/run_e2e.py
if wanted shell; then
    if sh tests/lib/install-missing.sh optional shellcheck; then
        run shellcheck sh tests/style/shellcheck.sh
    else
        skip "shellcheck cannot be installed here"
    fi
fi

minimum=$(cat tests/minimum)
if [ -z "$only" ] && [ $((passed + failed)) -lt "$minimum" ]; then
    echo "only $((passed + failed)) tests ran, at least $minimum are expected: some were not found"
    failed=$((failed + 1))
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
