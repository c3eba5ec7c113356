#!/bin/sh
# Runs shellcheck on every script; one TAP line each.
cd "$(dirname "$0")/../.." || exit 1
number=0
status=0
for script in .ci/run samples/*.sh jenkins/*.sh $(find tests -name '*.sh' | sort); do
    [ -f "$script" ] || continue
    number=$((number + 1))
    if findings=$(shellcheck -x -f gcc "$script"); then
        echo "ok $number - shellcheck $script"
    else
        echo "not ok $number - shellcheck $script"
        echo "$findings" | sed 's/^/# /'
        status=1
    fi
done
echo "1..$number"
exit $status
