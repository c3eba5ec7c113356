"""Reading 300 MB of TestProject JSON: CPU at most 0.7 times one cJSON_Parse of the same file, at most
24 MiB, from a file and from a pipe, the reader alone and the whole of "qtest-sync inspect"; and how
both grow from 10^3 to 290,000 tests.

Median of five rounds; the programs take turns, so that a busy machine slows them all."""
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
AGENT = os.environ.get("AGENT", "build/release/qtest-sync")
PROGRAM = os.path.join(os.environ.get("BENCH_BIN", "build/release/bench"), "json_reading")
TESTS = 290000
ROUNDS = 5
CPU_RATIO = 0.7
PEAK_MIB = 24


def run(command, stdin=None):
    """CPU seconds, peak MiB (at least this program's own, from before exec) and output of one run."""
    process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE)
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit("%s: exit %d" % (" ".join(command), process.returncode))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output


def measure(arguments, stdin=None):
    cpu, _, output = run([PROGRAM] + arguments, stdin)
    what, peak = output.splitlines()
    return cpu, int(peak) / 1024, what


def inspect(argument, stdin=None):
    cpu, peak, output = run([AGENT, "inspect", "--output", "json", argument], stdin)
    return cpu, peak, "%d results" % json.loads(output)["counts"]["results"]


def from_pipe(path, function, *arguments):
    with subprocess.Popen(["cat", path], stdout=subprocess.PIPE) as source:
        return function(*arguments, source.stdout)


def make(folder, count):
    path = os.path.join(folder, "%d.json" % count)
    subprocess.run([sys.executable, os.path.join(HERE, "make_json.py"), str(count), path], check=True)
    return path


def main():
    missed = []
    with tempfile.TemporaryDirectory(prefix="qtest-sync-bench-") as folder:
        for count in (1000, 10000, 100000):
            path = make(folder, count)
            cpu, peak, _ = measure(["reader", path])
            print("%9d tests  %7.1f MB  %6.3f s CPU  %5.1f MiB" %
                  (count, os.path.getsize(path) / 1e6, cpu, peak))
            os.remove(path)
        path = make(folder, TESTS)
        print("%9d tests  %7.1f MB, median of %d:" % (TESTS, os.path.getsize(path) / 1e6, ROUNDS))
        runs = {"cJSON_Parse": lambda: measure(["cjson", path]),
                "from a file": lambda: measure(["reader", path]),
                "from a pipe": lambda: from_pipe(path, measure, ["reader", "-"]),
                "inspect": lambda: inspect(path),
                "inspect -": lambda: from_pipe(path, inspect, "-")}
        found = {name: [] for name in runs}
        for _ in range(ROUNDS):
            for name, once in runs.items():
                found[name].append(once())
        base = statistics.median(r[0] for r in found["cJSON_Parse"])
        for name, rounds in found.items():
            cpu = statistics.median(r[0] for r in rounds)
            peak = max(r[1] for r in rounds)
            print("  %-12s %6.2f s CPU  %.2f x  %7.1f MiB  (%s)" % (name, cpu, cpu / base, peak, rounds[0][2]))
            if name != "cJSON_Parse" and (cpu > CPU_RATIO * base or peak > PEAK_MIB):
                missed.append(name)
    if missed:
        sys.exit("above %.1f x or %d MiB: %s" % (CPU_RATIO, PEAK_MIB, ", ".join(missed)))


if __name__ == "__main__":
    main()
