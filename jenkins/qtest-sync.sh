#!/bin/sh
# Runs qtest-sync wherever it is installed, with the arguments and the exit code handed through:
#
#   qtest-sync.sh upload testproject-report.xml
#
# Looked for in this order: the file that QTEST_SYNC_BIN names, beside this script, on the PATH.
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if [ -n "${QTEST_SYNC_BIN:-}" ]; then
    program=$QTEST_SYNC_BIN
    where="named by QTEST_SYNC_BIN"
elif [ -f "$here/qtest-sync" ]; then
    program=$here/qtest-sync
    where="beside qtest-sync.sh"
else
    program=$(command -v qtest-sync)
    where="on the PATH"
fi

if [ -z "$program" ]; then
    echo "qtest-sync.sh: qtest-sync is neither beside this script nor on the PATH; install it, or name it in QTEST_SYNC_BIN" >&2
    exit 2
fi
if [ ! -f "$program" ] || [ ! -x "$program" ]; then
    echo "qtest-sync.sh: '$program' ($where) is no executable file" >&2
    exit 2
fi
exec "$program" "$@"
