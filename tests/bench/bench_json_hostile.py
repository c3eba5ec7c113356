"""One huge or hostile thing in a TestProject report: each ends in a result or in a clear error, in time
linear in its size, within stated memory, under a limit of the address space that holds it to that.

A file as a whole may have any size; one test at most 64 MiB."""
import os
import resource
import subprocess
import sys
import tempfile

PROGRAM = os.path.join(os.environ.get("BENCH_BIN", "build/release/bench"), "json_reading")
MIB = 1 << 20
TEST = b'{"name":"a","result":"Passed"}'
# A steady stream may take so many ns of CPU a byte; several times what the ordinary report takes.
NS_A_BYTE = 40
# A list of small items costs more a byte, above all one that is multiplied.
SECONDS_FREE = 3


def wrap(body):
    return [b'{"testResults":[', *body, b"]}"]


def repeat(piece, count):
    step = max(1, MIB // len(piece))
    while count > 0:
        yield piece * min(step, count)
        count -= step


def two_gigabytes():
    yield b'{"testResults":['
    block = (b'{"name":"test","result":"Failed","message":"' + b"m" * 950 + b'"},') * 1000
    for _ in range(2 * 10**9 // len(block) + 1):
        yield block
    yield TEST + b"]}"


# name, pieces, exit code, what the output must hold, peak MiB
CASES = [
    ("100 MB in one text", lambda: wrap([b'{"name":"a","message":"', *repeat(b"x", 100 * MIB), b'"}']), 1,
     "larger than 67108864 bytes", 160),
    ("60 MB in one text", lambda: wrap([b'{"name":"a","result":"Failed","message":"', *repeat(b"x", 60 * MIB), b'"}']),
     0, "1 results", 320),
    ("60 MB of escapes in one text",
     lambda: wrap([b'{"name":"a","result":"Failed","message":"', *repeat(b"\\u00e9", 10 * MIB), b'"}']), 0,
     "1 results", 320),
    ("100 MB of blanks before the report", lambda: [*repeat(b" \n", 50 * MIB), *wrap([TEST])], 0, "1 results", 24),
    ("100 MB of blanks between the tests", lambda: wrap([TEST, *repeat(b"\n", 100 * MIB), b",", TEST]), 0,
     "2 results", 24),
    ("depth 1,001", lambda: wrap([b'{"name":"a","x":', b"[" * 1001, b"]" * 1001, b"}"]), 1, "deeper than 1000", 24),
    ("100 MB of opening brackets", lambda: wrap([*repeat(b"[", 100 * MIB)]), 1, "deeper than 1000", 24),
    ("100 MB of opening brackets at the root", lambda: repeat(b"[", 100 * MIB), 1, "JSON of an unknown kind", 24),
    ("4,000,000 members of the root",
     lambda: [b'{"testResults":[', TEST, b"]", *repeat(b',"unknown name":1', 4000000), b"}"], 0, "1 results", 24),
    ("1,000,000 different unknown members",
     lambda: [b'{"testResults":[', TEST, b"]", *(b',"n%d":[{}]' % n for n in range(1000000)), b"}"], 0,
     "1 results", 24),
    ("1,000,000 tests without a result", lambda: wrap([TEST, *repeat(b',{"name":"a"}', 1000000)]), 0,
     "1000001 results", 24),
    ("1,000,000 tests whose times stand behind them",
     lambda: [*wrap([TEST, *repeat(b"," + TEST, 1000000)])[:-1], b'],"executionStart":"2022-01-01T00:00:00Z"}'], 0,
     "1000001 results", 24),
    ("one test on 100,000 targets",
     lambda: wrap([b'{"name":"a","targets":[', *(b'{"targetName":"Chrome","result":"Passed"},' for _ in range(99999)),
                   b'{"targetName":"Chrome","result":"Passed"}]}']), 0, "100000 results", 160),
    ("one test of 300,000 steps",
     lambda: wrap([b'{"name":"a","result":"Passed","steps":[', *repeat(b'{"description":"d","result":"Passed"},', 299999),
                   b'{"description":"d","result":"Passed"}]}']), 0, "300000 steps", 320),
    ("one test on 100,000 different targets",
     lambda: wrap([b'{"name":"a","result":"Passed","targets":[', *(b'"Chrome %d",' % n for n in range(99999)), b'"x"]}']),
     0, "100000 results", 160),
    ("one test of 200,000 screenshots",
     lambda: wrap([b'{"name":"a","result":"Passed","screenshots":[', *(b'"https://x.invalid/%d",' % n for n in range(199999)),
                   b'"https://x.invalid/"]}']), 0, "1 results", 96),
    ("one test of 10,000 steps on 10,000 targets",
     lambda: wrap([b'{"name":"a","steps":[', *repeat(b'{"result":"Passed"},', 9999), b'{}],"targets":[', *repeat(b"1,", 9999),
                   b"1]}"]), 1, "more than 300000", 320),
    ("50 MB of bad bytes", lambda: wrap([b'{"name":"a","result":"Failed","message":"', *repeat(b"\xff", 50 * MIB), b'"}']),
     0, "1 results", 640),
    ("a file cut in the middle", lambda: [b'{"testResults":[', *repeat(TEST + b",", 300000), b'{"name":"b'], 1,
     "the text ends at line", 24),
    ("100 MB of garbage behind the report", lambda: [*wrap([TEST]), *repeat(b"x", 100 * MIB)], 1,
     "more text begins", 24),
    ("a zero-filled end", lambda: [b'{"testResults":[', TEST, b",", *repeat(b"\0", 100 * MIB)], 1, "missing", 24),
    ("2 GB", two_gigabytes, 0, "results", 24),
]


def limit_memory(mib):
    """The program's own mappings and libraries take some 60 MiB of addresses."""
    resource.setrlimit(resource.RLIMIT_AS, ((mib + 96) * MIB,) * 2)


def measure(path, mib):
    process = subprocess.Popen([PROGRAM, "reader", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               preexec_fn=lambda: limit_memory(mib))
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, output


def run_case(folder, name, pieces, code, text, mib):
    path = os.path.join(folder, "case.json")
    with open(path, "wb") as out:
        for piece in pieces():
            out.write(piece)
    size = os.path.getsize(path)
    found, cpu, output = measure(path, mib)
    os.remove(path)
    lines = output.strip().splitlines()
    peak = int(lines[-1]) / 1024 if lines and lines[-1].isdigit() else 0
    good = found == code and text in output and 0 < peak <= mib and cpu < SECONDS_FREE + size * NS_A_BYTE / 1e9
    print("  %-46s %7.1f MB %6.2f s %6.1f of %3d MiB  %s" %
          (name, size / 1e6, cpu, peak, mib, lines[0][:110] if lines else "nothing"))
    if not good:
        print("    MISSED: exit %d, expected %d and '%s'" % (found, code, text))
    return good


def main():
    with tempfile.TemporaryDirectory(prefix="qtest-sync-bench-") as folder:
        bad = [case[0] for case in CASES if not run_case(folder, *case)]
    if bad:
        sys.exit("missed: %s" % "; ".join(bad))


if __name__ == "__main__":
    main()
