#!/bin/sh
# Runs every test that needs nothing but this repository, and prints as its last line:
# N passed, N failed, N skipped
#
#   sh tests/run.sh                    optimised build
#   sh tests/run.sh --variant asan     the same under AddressSanitizer and UndefinedBehaviorSanitizer
#   sh tests/run.sh --only e2e         one step: unit, style, fuzz, simulation, e2e, shell
#   sh tests/run.sh --only e2e NAME    the tests of a step with NAME in their names; of unit also a program
#
# Each step prints TAP; its whole output is kept in build/<variant>/test-output/. At least as many tests as
# tests/minimum says must run: all but those of shellcheck, and ten that may be skipped where a machine has no
# groff, no time zones and the like. What needs more than the repository is in tests/reference.
set -u
cd "$(dirname "$0")/.." || exit 1

sh tests/lib/install-missing.sh build tests || exit 1
exec python3 tests/lib/run_tests.py "$@"
