"""A machine that runs qtest-sync: a home, temporary and runtime folders and, where it may, a host name of its own.

    agent = Machine(folder, "build-1").start(url, report, "--parallel", 1)
    agent.kill()                  # SIGKILL; has ended when it returns

Several agents that must begin at the same moment wait at one Gate.
    ended = agent.wait()          # code, outcome (the JSON), err, peak_kib"""
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from harness import BUILD, PROJECT, TOKEN, clean_env  # noqa: E402

RUN_SECONDS = 900
READY_SECONDS = 120  # only a process that died keeps the others at the gate so long
MEMORY_LOOK_SECONDS = 0.05
# How long a request may take, and how long a job may sit in the queue after its sender was killed (--settle): that
# results are in once rests on the second, so it is many times what a job takes on a slow machine.
PATIENCE = ["--settle", "15s", "--request-timeout", "10s"]
COUNTED = ("confirmed", "present", "refused", "spooled", "skipped")


def _can_unshare():
    if os.geteuid() != 0 or not shutil.which("unshare") or not shutil.which("hostname"):
        return False
    return subprocess.run(["unshare", "-u", "hostname", "test"], capture_output=True, check=False).returncode == 0


CAN_NAME_HOSTS = _can_unshare()


class Ended:
    """What a finished agent left: code is negative when a signal ended it."""

    def __init__(self, code, out, err, peak_kib):
        self.code, self.out, self.err, self.peak_kib = code, out, err, peak_kib
        try:
            self.outcome = json.loads(out)
        except ValueError:
            self.outcome = None

    def sum_problems(self, read):
        """Each result that was read ends in exactly one way."""
        if self.outcome is None:
            return [f"no outcome on stdout (exit {self.code}): {self.err.strip()[-300:]}"]
        counts = {name: self.outcome[name] for name in COUNTED}
        if self.outcome["read"] != read or sum(counts.values()) != read:
            return [f"the sum does not add up: {read} results, read {self.outcome['read']}, {counts}"]
        return []


class Gate:
    """One pipe for all: a single write lets every process go that waits for a line of its own. Each says on another
    pipe that it is there, however long it took to begin."""

    def __init__(self):
        self.read_end, self.write_end = os.pipe()
        self.ready_read_end, self.ready_write_end = os.pipe()

    def open(self, processes):
        waiting = 0
        while waiting < processes and select.select([self.ready_read_end], [], [], READY_SECONDS)[0]:
            waiting += len(os.read(self.ready_read_end, processes))
        os.write(self.write_end, b"\n" * processes)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for end in (self.read_end, self.write_end, self.ready_read_end, self.ready_write_end):
            os.close(end)


class Agent:
    def __init__(self, command, env, folder, name, gate):
        self.out_path, self.err_path = folder / f"{name}.out", folder / f"{name}.err"
        with open(self.out_path, "wb") as out, open(self.err_path, "wb") as err:
            self.process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=err, env=env,
                                            stdin=gate.read_end if gate else subprocess.DEVNULL, cwd=folder,
                                            pass_fds=[gate.ready_write_end] if gate else [])
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.peak_kib = 0
        threading.Thread(target=self._reap, daemon=True).start()

    def _reap(self):
        # left unreaped until the lock is held, so that no other process can have its id when it is killed
        os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT)
        with self.lock:
            _, status = os.waitpid(self.process.pid, 0)
            self.process.returncode = os.waitstatus_to_exitcode(status)
            self.ended.set()

    def signal(self, number):
        with self.lock:
            if not self.ended.is_set():
                os.kill(self.process.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.ended.wait()

    def _look_at_memory(self):
        """VmHWM only grows, so a look now and then sees nearly all; ru_maxrss would count what forked it."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return
        found = re.search(r"^Name:\s*qtest-sync$.*^VmHWM:\s*(\d+)", status, re.M | re.S)
        self.peak_kib = max(self.peak_kib, int(found.group(1)) if found else 0)

    def wait(self, seconds=RUN_SECONDS):
        end = time.monotonic() + seconds
        while not self.ended.wait(MEMORY_LOOK_SECONDS):
            self._look_at_memory()
            if time.monotonic() > end:
                self.kill()
                raise AssertionError(f"qtest-sync did not end within {seconds} s")
        return Ended(self.process.returncode, self.out_path.read_text(errors="replace"),
                     self.err_path.read_text(errors="replace"), self.peak_kib)


class Machine:
    FOLDERS = {"HOME": "home", "TMPDIR": "tmp", "XDG_RUNTIME_DIR": "run", "XDG_STATE_HOME": "state",
               "XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "config"}

    def __init__(self, folder, name):
        self.folder, self.name = folder / name, name
        self.runs = 0
        for part in (*self.FOLDERS.values(), "work"):
            (self.folder / part).mkdir(parents=True)

    def env(self, url, extra=None):
        env = clean_env(self.folder / "home", extra)
        env.update({name: str(self.folder / part) for name, part in self.FOLDERS.items()})
        env.update({"QTEST_URL": url, "QTEST_TOKEN": TOKEN, "QTEST_PROJECT": PROJECT})
        return env

    def start(self, url, *words, command="upload", wrapper=(), extra_env=None, output="json", gate=None):
        self.runs += 1
        line = [*wrapper, BUILD / "qtest-sync", command, *(["--output", output] if output else []), *words]
        begin = f'echo >/dev/fd/{gate.ready_write_end}; read -r _ && exec "$@"' if gate else 'exec "$@"'
        if CAN_NAME_HOSTS:
            line = ["unshare", "-u", "sh", "-c", f'hostname "$0" && {begin}', self.name, *line]
        elif gate:
            line = ["sh", "-c", begin, self.name, *line]
        return Agent(line, self.env(url, extra_env), self.folder / "work", f"run-{self.runs}", gate)

    def upload(self, url, *words, **options):
        return self.start(url, *words, **options).wait()

    def leftovers(self):
        """Files that should be gone once everything is certain: temporary ones, journals, spool."""
        return sorted(str(path.relative_to(self.folder)) for part in self.FOLDERS.values()
                      for path in (self.folder / part).rglob("*") if not path.is_dir())
