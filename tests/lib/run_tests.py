"""The steps of tests/run.sh, which says how it is called."""
import argparse
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

sys.dont_write_bytecode = True

from run_e2e import find_tests  # noqa: E402
from tap import Job, Tally, build, prepare_environment, processors  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
USAGE = "run.sh [--variant release|debug|asan] [--only STEP [NAME...]]"
# The protocol against a model of qTest: about 2,000 schedules a second, far fewer under sanitizers.
SCHEDULES, SCHEDULES_SLOW = 100000, 3000
SIMULATIONS = 4


class NoSuchName(Exception):
    pass


class Step(NamedTuple):
    jobs: list
    targets: tuple = ()  # of make
    at_once: int = 1


def chosen(jobs, names):
    """Those whose name has one of the names in it; all without a name."""
    for name in names:
        if not any(name in job.name for job in jobs):
            raise NoSuchName(f"no part of this step has '{name}' in its name", [job.name for job in jobs])
    return [job for job in jobs if not names or any(name in job.name for name in names)]


def unit_tests():
    """{program without "test_": names of its tests}"""
    return {path.stem[len("test_"):]: re.findall(r"\bcmocka_unit_test\w*\(\s*(\w+)", path.read_text())
            for path in sorted((ROOT / "tests/unit").glob("test_*.c"))}


def unit(variant, names):
    """A name is that of a program, or a part of the names of tests."""
    folder, programs = f"build/{variant}/unit", unit_tests()
    jobs = {} if names else {program: Job(f"unit-{program}", [f"{folder}/test_{program}"]) for program in programs}
    for name in names:
        program = re.sub(r"^(unit-|test_)", "", name)
        found = [program] if program in programs else []
        parts = [] if found else [p for p, tests in programs.items() if any(name in test for test in tests)]
        if not found and not parts:
            raise NoSuchName(f"no unit test and no program of unit tests is called '{name}'",
                             [f"{p} {test}" for p, tests in programs.items() for test in tests])
        jobs.update({p: Job(f"unit-{p}", [f"{folder}/test_{p}"]) for p in found})
        jobs.update({(p, name): Job(f"unit-{p}-{name}", [f"{folder}/test_{p}"], {"TEST_FILTER": f"*{name}*"})
                     for p in parts})
    targets = [job.command[0] for job in jobs.values()] if names else ["unit"]
    return Step(list(jobs.values()), targets, processors())


def style(_, names):
    return Step(chosen([Job("style", [sys.executable, "tests/style/check_style.py"])], names))


def fuzz(variant, names):
    targets = [path.stem[len("fuzz_"):] for path in sorted((ROOT / "tests/fuzz").glob("fuzz_*.c"))]
    jobs = [Job(f"fuzz-{name}", [f"build/{variant}/fuzz/replay_{name}", f"tests/fuzz/corpus/{name}"])
            for name in targets]
    return Step(chosen(jobs, names), ["fuzz-programs"], processors())


def simulation(variant, names):
    """The longest run is divided, so that each processor has its part."""
    program = f"build/{variant}/simulate"
    each = (SCHEDULES if variant == "release" else SCHEDULES_SLOW) // SIMULATIONS
    jobs = [Job("simulation-self-test", [program, "--self-test"])]
    jobs += [Job(f"simulation-from-{number * each}", [program, "--seed", number * each, "--count", each])
             for number in range(SIMULATIONS)]
    return Step(chosen(jobs, names), ["simulate"], processors())


def e2e(_, names):
    """A name is a part of file, class and test."""
    every = [test.id() for test in find_tests()]
    for name in names:
        if not any(name in test for test in every):
            raise NoSuchName(f"no end-to-end test has '{name}' in its name", every)
    return Step([Job("e2e", [sys.executable, "tests/lib/run_e2e.py", *names])], ["all", "replay"])


def shell(_, names):
    return Step(chosen([Job("shellcheck", ["sh", "tests/style/shellcheck.sh"])], names))


STEPS = {"unit": unit, "style": style, "fuzz": fuzz, "simulation": simulation, "e2e": e2e, "shell": shell}


def parse(words):
    parser = argparse.ArgumentParser(prog="run.sh", usage=USAGE)
    parser.add_argument("--variant", choices=("release", "debug", "asan"),
                        default=os.environ.get("VARIANT") or "release")
    parser.add_argument("--only", nargs="+", metavar=("STEP", "NAME"))
    arguments = parser.parse_args(words)
    if arguments.only and arguments.only[0] not in STEPS:
        parser.error(f"there is no step '{arguments.only[0]}'; there are: {', '.join(STEPS)}")
    return arguments


def wanted_steps(arguments):
    if not arguments.only:
        return {name: step(arguments.variant, []) for name, step in STEPS.items()}
    name, *parts = arguments.only
    return {name: STEPS[name](arguments.variant, parts)}


def can_run(name):
    """Only shellcheck is no part of what install-missing.sh must have found."""
    if name != "shell":
        return True
    return subprocess.run(["sh", "tests/lib/install-missing.sh", "optional", "shellcheck"], check=False).returncode == 0


def main():
    os.chdir(ROOT)
    arguments = parse(sys.argv[1:])
    try:
        steps = wanted_steps(arguments)
    except NoSuchName as error:
        message, there_are = error.args
        print("there are:", *there_are, message, sep="\n", file=sys.stderr)
        return 2
    prepare_environment(arguments.variant)
    tally = Tally(Path("build", arguments.variant, "test-output"))
    print(f"building ({arguments.variant})", flush=True)
    targets = sorted({target for step in steps.values() for target in step.targets})
    if targets and not build(tally, arguments.variant, targets):
        return tally.finish()
    for name, step in steps.items():
        with tally.step(name):
            if can_run(name):
                tally.run(step.jobs, step.at_once)
            else:
                tally.skip("shellcheck cannot be installed here")
    return tally.finish(0 if arguments.only else int(Path("tests/minimum").read_text()))


if __name__ == "__main__":
    sys.exit(main())
