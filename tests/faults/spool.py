#!/usr/bin/env python3
"""The spool and flush: what could not be brought in is kept, and comes in once.

    spool.py [--only NAME-PART]... [--at-once N] [--kills N]

away     qTest is away for a whole upload: exit 5, all spooled; flush brings it in; again there is nothing to do
midway   qTest goes away at some call of an upload, for good; flush brings the rest in
killed   flush is killed at some call, before it or after; flush again
twice    two flushes at once; flush and upload at once
damaged  an entry that was damaged is named and set aside, never sent or deleted"""
import argparse
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from machine import PATIENCE, TOKEN, Gate, Machine  # noqa: E402
from many import Case, Stage, play_all  # noqa: E402
from proxy import KILLS, FaultyProxy  # noqa: E402
from workload import Desired, Workload  # noqa: E402

JOB_MS = 300
# The last calls of an upload give the claim back: nothing is spooled any more.
CALLS_OF_A_FLUSH = 30


class Scene:
    """A sandbox behind a proxy, one machine and its report."""

    def __init__(self, folder, tests=40):
        self.work = Workload(tests)
        self.stage = Stage(folder, "--job-ms", JOB_MS)
        self.proxy = FaultyProxy(self.stage.url)
        self.machine = Machine(folder, "one")
        self.report = self.work.write(folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.proxy.close()
        self.stage.sandbox.stop()

    def start(self, command, **options):
        report = [self.report] if command == "upload" else []
        return self.machine.start(self.proxy.url, *report, *PATIENCE, command=command,
                                  output="json" if command == "upload" else None, **options)

    def entries(self):
        return [path for path in (self.machine.folder / "state").rglob("*.spool")]

    def upload_while_away(self, from_call, codes):
        """What is wrong with an upload that loses qTest at this call."""
        self.proxy.arm(from_call, "away")
        ended = self.machine.upload(self.proxy.url, self.report, *PATIENCE, "--timeout", "20s")
        self.proxy.disarm()
        if ended.code == 0 and self.proxy.struck is None:
            return
        if ended.code not in codes:
            yield f"the upload ended with {ended.code}: {ended.err.strip()[-300:]}"
        yield from ended.sum_problems(self.work.results)
        spooled = ended.outcome["spooled"] if ended.outcome else 0
        if bool(self.entries()) != (spooled > 0):
            yield f"{spooled} results are spooled, they say, and the spool holds {self.entries()}"
        if from_call == 1 and spooled != self.work.results:
            yield f"{spooled} of {self.work.results} results are spooled"
        yield from self.judge_files()

    def judge_files(self):
        for path in self.entries():
            if path.stat().st_mode & 0o777 != 0o600 or path.parent.stat().st_mode & 0o777 != 0o700:
                yield f"others may read {path}"
            if TOKEN.encode() in path.read_bytes():
                yield f"the token stands in {path}"

    def flush(self, code=0):
        ended = self.start("flush").wait()
        if ended.code != code:
            yield f"flush ended with {ended.code}: {(ended.out + ended.err).strip()[-400:]}"

    def judge_end(self):
        yield from self.stage.check(Desired(self.work))
        yield from (f"left behind: {name}" for name in self.machine.leftovers())


def away(folder):
    with Scene(folder) as scene:
        yield from scene.upload_while_away(1, (5,))
        if len(scene.entries()) != 1:
            yield f"the spool holds {scene.entries()}"
        yield from scene.flush()
        yield from scene.judge_end()
        yield from scene.flush()
        ended = scene.start("upload").wait()
        if ended.code or ended.outcome["present"] != scene.work.results:
            yield f"uploaded again: exit {ended.code} {ended.outcome}"
        yield from scene.judge_end()


def midway(call):
    def play(folder):
        with Scene(folder) as scene:
            yield from scene.upload_while_away(call, (0, 5, 6))
            yield from scene.flush()
            yield from scene.judge_end()
    return play


def killed(call, fault):
    def play(folder):
        with Scene(folder) as scene:
            yield from scene.upload_while_away(1, (5,))
            scene.proxy.arm(call, fault)
            agent = scene.start("flush")
            scene.proxy.victim(agent.kill)
            agent.wait()
            scene.proxy.disarm()
            if scene.proxy.struck and len(scene.entries()) > 1:
                yield f"the spool holds {scene.entries()}"
            yield from scene.flush()
            yield from scene.judge_end()
    return play


def twice(commands):
    def play(folder):
        with Scene(folder) as scene, Gate() as gate:
            yield from scene.upload_while_away(1, (5,))
            agents = [scene.start(command, gate=gate) for command in commands]
            gate.open(len(agents))
            for command, agent in zip(commands, agents):
                ended = agent.wait()
                if ended.code:
                    yield f"{command} ended with {ended.code}: {(ended.out + ended.err).strip()[-400:]}"
            yield from scene.judge_end()
    return play


def damaged(folder):
    with Scene(folder) as scene:
        yield from scene.upload_while_away(1, (5,))
        [entry] = scene.entries()
        data = bytearray(entry.read_bytes())
        data[len(data) // 2] ^= 0x20
        entry.write_bytes(data)
        ended = scene.start("flush").wait()
        if ended.code == 0 or entry.name not in ended.out + ended.err:
            yield f"flush of a damaged entry: exit {ended.code}, {(ended.out + ended.err)[-300:]}"
        aside = [path for path in entry.parent.iterdir() if path.name.startswith(entry.name)]
        if scene.entries() or len(aside) != 1 or aside[0].read_bytes() != bytes(data):
            yield f"the damaged entry is {aside}, the spool holds {scene.entries()}"
        if scene.stage.state().cycles:
            yield "something of a damaged entry was sent"


def cases(arguments):
    step = max(1, CALLS_OF_A_FLUSH // arguments.kills)
    calls = range(1, CALLS_OF_A_FLUSH + 1, step)
    found = [("away", away), ("damaged", damaged), ("twice-flush", twice(["flush", "flush"])),
             ("twice-upload", twice(["flush", "upload"]))]
    found += [(f"midway-{call:02d}", midway(call)) for call in calls]
    found += [(f"killed-{call:02d}-{fault}", killed(call, fault)) for call in calls for fault in KILLS]
    parts = arguments.only or [""]
    return [Case(f"spool-{name}", play) for name, play in found if any(part in name for part in parts)]


def run(arguments, out=sys.stderr):
    began = time.monotonic()
    chosen = cases(arguments)
    failed = play_all(chosen, arguments.at_once, out)
    return (f"spool: {len(chosen)} cases: {len(chosen) - len(failed)} right, {len(failed)} wrong; "
            f"{time.monotonic() - began:.0f} s"), failed


def parse(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append")
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--kills", type=int, default=CALLS_OF_A_FLUSH)
    return parser.parse_args(words)


def main():
    line, failed = run(parse())
    print(line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
