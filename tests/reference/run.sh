#!/bin/sh
# Holds the build to the reference material beside the repository, where it is there, and prints as its last
# line: N passed, N failed, N skipped
#
#   sh tests/reference/run.sh [--variant release|debug|asan]
#
#   ../shared/corpus/junit                              real reports with an index of what is in them
#   ../shared/reference/qtest-manager-swagger.yaml      the vendor's description of the API
#   ../shared/cases/reports                             small inputs that once came out wrong
#
# What is absent is skipped by name. Where all are there, at least as many tests as tests/reference/minimum
# says must run.
set -u
cd "$(dirname "$0")/../.." || exit 1

sh tests/lib/install-missing.sh build tests || exit 1
exec python3 tests/reference/run_reference.py "$@"
