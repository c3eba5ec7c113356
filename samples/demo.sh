#!/bin/sh
# Builds qtest-sync and qtest-sandbox, uploads the sample reports to a sandbox of its own, and prints what
# qTest then shows. Needs no account and leaves nothing running.
set -u
cd "$(dirname "$0")/.." || exit 1

sh tests/lib/install-missing.sh build || exit 1
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
echo "building..."
make -s -j"$jobs" || exit 1

work=$(mktemp -d) || exit 1
sandbox=
clean_up() {
    [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null
    [ -z "$sandbox" ] || wait "$sandbox" 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export QTEST_TOKEN=demo-token QTEST_PROJECT="Web Shop"
build/release/qtest-sandbox --listen 127.0.0.1:0 --port-file "$work/port" --db :memory: \
    --token "$QTEST_TOKEN" --project "$QTEST_PROJECT" --log "$work/requests.jsonl" >"$work/sandbox.out" 2>&1 &
sandbox=$!
waited=0
until [ -s "$work/port" ]; do
    if ! kill -0 "$sandbox" 2>/dev/null || [ "$waited" -ge 100 ]; then
        echo "the sandbox did not start:" >&2
        cat "$work/sandbox.out" >&2
        exit 1
    fi
    sleep 0.1
    waited=$((waited + 1))
done
QTEST_URL="http://127.0.0.1:$(cat "$work/port")"
export QTEST_URL

upload() {
    printf '\n$ qtest-sync upload %s\n' "$*"
    build/release/qtest-sync upload "$@" >"$work/out"
    code=$?
    cat "$work/out"
    cat "$work/out" >>"$work/all"
    if [ "$code" -ne 0 ]; then
        echo "the upload ended with exit code $code" >&2
        exit 1
    fi
}

upload samples/reports/testproject-nightly.json
upload samples/reports/testproject-nightly-next-day.json
upload samples/reports/testproject-junit.xml
upload samples/reports/surefire.xml
upload samples/reports/pytest.xml
echo
echo "The first report once more: everything is present already."
upload samples/reports/testproject-nightly.json

echo
echo "What qTest shows now (cycle > suite > run: last status):"
python3 samples/show-tree.py "$QTEST_URL" "$QTEST_PROJECT" || exit 1

echo
awk '/^read [0-9]+ = / { read += $2; confirmed += $5; present += $8; refused += $11; spooled += $14; skipped += $17 }
    END { printf "all uploads: read %d = confirmed %d + present %d + refused %d + spooled %d + skipped %d\n",
                 read, confirmed, present, refused, spooled, skipped
          exit read != confirmed + present + refused + spooled + skipped }' "$work/all" || exit 1

if [ -t 0 ] && [ -t 1 ]; then
    echo "Look at it in a browser: $QTEST_URL/ (Enter ends the sandbox)"
    read -r _
else
    echo "Run it on a terminal to look at it in a browser ($QTEST_URL/, gone now)."
fi
