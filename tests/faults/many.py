"""Runs many cases at once, each in a folder that is kept when the case fails."""
import json
import re
import shutil
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from machine import PROJECT
from harness import BUILD, Sandbox
from state import Site, check, read_state

KEEP = BUILD / "test-output" / "faults-kept"
SUBMITTED = re.compile(rb'"response":\{"id":(\d+)')
SHOWN_CHARACTERS = 600


class Case:
    """name: names its folder. run(folder) gives the violations, as sentences."""

    def __init__(self, name, run):
        self.name, self.run = name, run
        self.violations, self.seconds, self.folder = [], 0.0, None

    def play(self):
        began = time.monotonic()
        self.folder = Path(tempfile.mkdtemp(prefix=f"qtest-faults-{self.name}-"))
        try:
            self.violations = list(self.run(self.folder))
        except Exception:  # a case that breaks is a case that failed
            self.violations = [traceback.format_exc(limit=-3)]
        self.seconds = time.monotonic() - began
        self._keep_or_remove()
        return self

    def _keep_or_remove(self):
        if not self.violations:
            shutil.rmtree(self.folder, ignore_errors=True)
            return
        (self.folder / "violations").write_text("\n".join(self.violations) + "\n")
        kept = KEEP / self.name
        shutil.rmtree(kept, ignore_errors=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(str(self.folder), kept)
        self.folder = kept


def play_all(cases, at_once, out=sys.stderr):
    """Plays all; tells each failure as it comes. Returns the failed ones."""
    failed = []
    with ThreadPoolExecutor(at_once) as pool:
        for done in as_completed([pool.submit(case.play) for case in cases]):
            case = done.result()
            if not case.violations:
                continue
            failed.append(case)
            print(f"FAILED {case.name} ({case.seconds:.0f} s), kept in {case.folder}", file=out)
            for violation in case.violations[:8]:
                print(f"    {violation[:SHOWN_CHARACTERS]}", file=out)
            if len(case.violations) > 8:
                print(f"    and {len(case.violations) - 8} more", file=out)
            out.flush()
    return failed


def calls_since(log, offset=0):
    """The requests from this place of a sandbox's log on, without the bodies, which may be large; an accepted
    submission has its job id."""
    found = []
    if not log.exists():
        return found
    with open(log, "rb") as file:
        file.seek(offset)
        for line in file:
            head, _, rest = line.partition(b',"status":')
            call = json.loads(head + b"}")
            call["status"] = int(re.match(rb"\d+", rest).group())
            accepted = SUBMITTED.search(rest) if "/auto-test-logs" in call["target"] else None
            call["job"] = int(accepted.group(1)) if accepted else None
            found.append(call)
    return found


class Stage:
    """A sandbox for one case, ended with it."""

    def __init__(self, folder, *options, project=PROJECT):
        self.sandbox = Sandbox(folder, *[str(word) for word in options], projects=(project,))
        self.url = self.sandbox.url

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sandbox.stop()

    def log_size(self):
        return self.sandbox.log.stat().st_size if self.sandbox.log.exists() else 0

    def calls(self, offset=0):
        return calls_since(self.sandbox.log, offset)

    def job_ids(self):
        return [call["job"] for call in self.calls() if call["job"]]

    def state(self, lag_seconds=0.0):
        """What stands there once the queue is empty and everything has become visible."""
        with Site(self.url, self.sandbox.token) as site:
            site.wait_for_jobs(self.job_ids())
            time.sleep(lag_seconds)
            return read_state(site)

    def check(self, desired, lag_seconds=0.0, **options):
        return check(self.state(lag_seconds), desired, **options)
