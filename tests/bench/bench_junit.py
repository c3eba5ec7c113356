"""Reading 1,000,000 JUnit tests (300 MB): CPU of inspect below that of xmllint --stream --noout and at most
1.5 times that of a program that only counts tests on libxml2's SAX2 push interface, at most 24 MiB; how it
grows from 10^4 to 10^6; and one huge or hostile thing in a report, each within its time and memory.

Median of five rounds; the programs take turns, so that a busy machine slows them all. A peak below about
15 MiB is this program's own, which the kernel counts before the other one is loaded."""
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
AGENT = os.environ.get("AGENT", "build/release/qtest-sync")
COUNTER = os.path.join(os.environ.get("BENCH_BIN", "build/release/bench"), "count_sax2_push")
ROUNDS = 5
TESTS = 1000000
COUNTER_RATIO = 1.5
PEAK_MIB = 24
# Kind, size, exit code, MiB at most. Texts are kept up to 16 MiB a test, and libxml2 holds a tag as a whole.
HOSTILE = [
    ("cdata", 97 << 20, 0, 72),
    ("cdata-brackets", 30 << 20, 0, 72),
    ("output", 100 << 20, 0, 16),
    ("markers", 100 << 20, 0, 16),
    ("text", 100 << 20, 0, 72),
    ("entities", 94 << 20, 0, 72),
    ("control", 100 << 20, 0, 72),
    ("blanks", 100 << 20, 0, 16),
    ("comment", 100 << 20, 0, 16),
    ("instruction", 100 << 20, 0, 16),
    ("attribute", 24 << 20, 0, 144),
    ("attribute-gt", 24 << 20, 0, 144),
    ("property", 16 << 20, 0, 144),
    ("name", 24 << 20, 3, 144),
    ("names", 2000000, 3, 32),
    ("attributes", 200000, 3, 16),
    ("suites", 100000, 0, 16),
    ("depth", 400, 0, 16),
    ("depth", 1000, 0, 16),
    ("depth", 1000000, 3, 32),
    ("bomb", 0, 3, 16),
    ("cut", 50 << 20, 3, 72),
    ("latin1", 500000, 0, 16),
    ("utf16", 500000, 0, 16),
]
SECONDS_PER_100_MB = 4.0
missed = []


def measure(command):
    """CPU seconds, peak MiB, exit code."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode


def inspect(path):
    return measure([AGENT, "inspect", path])


def make(script, path, *arguments):
    with open(path, "wb") as out:
        subprocess.run([sys.executable, os.path.join(HERE, script), *map(str, arguments)], stdout=out, check=True)
    return os.path.getsize(path)


def check(good, what):
    if not good:
        missed.append(what)
    return "" if good else "  MISSED"


def growth(folder):
    path = os.path.join(folder, "growth.xml")
    for count in (10000, 100000):
        size = make("make_junit.py", path, count)
        runs = [inspect(path) for _ in range(ROUNDS)]
        cpu = statistics.median(r[0] for r in runs)
        print("%9d tests  %7.1f MB  %6.3f s CPU  %5.1f MiB" % (count, size / 1e6, cpu, max(r[1] for r in runs)))


def ratios(folder):
    path = os.path.join(folder, "large.xml")
    size = make("make_junit.py", path, TESTS)
    print("%9d tests  %7.1f MB, median of %d:" % (TESTS, size / 1e6, ROUNDS))
    runs = {"SAX2 push counter": [COUNTER, path],
            "xmllint --stream": ["xmllint", "--stream", "--noout", path],
            "inspect": [AGENT, "inspect", path]}
    found = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, command in runs.items():
            found[name].append(measure(command))
    cpu = {name: statistics.median(r[0] for r in rounds) for name, rounds in found.items()}
    for name, rounds in found.items():
        peak = max(r[1] for r in rounds)
        print("  %-18s %6.2f s CPU  %.2f x counter  %.2f x xmllint  %5.1f MiB" %
              (name, cpu[name], cpu[name] / cpu["SAX2 push counter"], cpu[name] / cpu["xmllint --stream"], peak))
        check(rounds[0][2] == 0, name + " failed")
    check(cpu["inspect"] < cpu["xmllint --stream"], "CPU against xmllint")
    check(cpu["inspect"] <= COUNTER_RATIO * cpu["SAX2 push counter"], "CPU against the counter")
    check(max(r[1] for r in found["inspect"]) <= PEAK_MIB, "peak memory")
    os.remove(path)


def hostile(folder):
    path = os.path.join(folder, "hostile.xml")
    for kind, count, expected, mib in HOSTILE:
        size = make("make_hostile.py", path, kind, count)
        cpu, peak, code = inspect(path)
        good = code == expected and peak <= mib and cpu <= 0.5 + SECONDS_PER_100_MB * size / 1e8
        print("  %-16s %9d  %7.1f MB  %5.2f s CPU  %6.1f MiB (of %d)  exit %d%s" %
              (kind, count, size / 1e6, cpu, peak, mib, code, check(good, "hostile " + kind)))


def two_gigabytes(folder):
    """From a pipe, so that no disk has to hold it."""
    with subprocess.Popen([sys.executable, os.path.join(HERE, "make_hostile.py"), "suites", "22000000"],
                          stdout=subprocess.PIPE) as source:
        process = subprocess.Popen([AGENT, "inspect", "-"], stdin=source.stdout, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss / 1024
    good = process.returncode == 0 and peak <= PEAK_MIB
    print("  22,000,000 suites, 2.1 GB through a pipe: %.1f s CPU, %.1f MiB, exit %d%s" %
          (usage.ru_utime + usage.ru_stime, peak, process.returncode, check(good, "2 GB")))


def many_files(folder):
    many = os.path.join(folder, "many")
    os.mkdir(many)
    for number in range(10000):
        with open(os.path.join(many, "TEST-%05d.xml" % number), "w", encoding="utf-8") as out:
            out.write("<testsuite name='s%d'><testcase classname='c%d' name='t'/></testsuite>" % (number, number))
    cpu, peak, code = inspect(many)
    print("  10,000 files: %.2f s CPU, %.1f MiB, exit %d%s" %
          (cpu, peak, code, check(code == 0 and cpu < 10, "10,000 files")))


def main():
    with tempfile.TemporaryDirectory(prefix="qtest-sync-bench-") as folder:
        growth(folder)
        ratios(folder)
        hostile(folder)
        many_files(folder)
        if "--short" not in sys.argv:
            two_gigabytes(folder)
    if missed:
        sys.exit("missed: " + ", ".join(missed))


if __name__ == "__main__":
    main()
