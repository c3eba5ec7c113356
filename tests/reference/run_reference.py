"""The steps of tests/reference/run.sh, which says how it is called."""
import argparse
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))

from tap import Job, Tally, build, prepare_environment, processors  # noqa: E402

REPORTS = Path("../shared/corpus/junit")
API_FILE = Path("../shared/reference/qtest-manager-swagger.yaml")
CASES = Path("../shared/cases/reports")


def reports(variant):
    programs = [path.stem for path in sorted(Path("tests/reference").glob("test_*.c"))]
    return [Job("reference-inspect", [sys.executable, "tests/reference/check_reports.py", REPORTS]),
            *[Job(f"reference-{name[len('test_'):]}", [f"build/{variant}/reference/{name}"]) for name in programs]]


def end_to_end(name):
    return [Job(f"reference-{name}", [sys.executable, "tests/lib/run_e2e.py", "--in", "tests/reference", f"test_{name}"])]


def contract(_):
    return end_to_end("contract")


def cases(_):
    return end_to_end("cases")


STEPS = ((REPORTS / "INDEX.tsv", reports, ("all", "reference")), (API_FILE, contract, ("all",)),
         (CASES, cases, ("all",)))


def main():
    os.chdir(ROOT)
    parser = argparse.ArgumentParser(prog="run.sh")
    parser.add_argument("--variant", choices=("release", "debug", "asan"), default="release")
    variant = parser.parse_args().variant
    prepare_environment(variant)
    tally = Tally(Path("build", variant, "reference-output"))
    there = [step for step in STEPS if step[0].exists()]
    targets = sorted({target for _, _, targets in there for target in targets})
    if targets and not build(tally, variant, targets):
        return tally.finish()
    for path, jobs, _ in STEPS:
        with tally.step(jobs.__name__):
            if path.exists():
                tally.run(jobs(variant), processors())
            else:
                tally.skip(f"{jobs.__name__}: {path} is absent")
    return tally.finish(int(Path("tests/reference/minimum").read_text()) if len(there) == len(STEPS) else 0)


if __name__ == "__main__":
    sys.exit(main())
