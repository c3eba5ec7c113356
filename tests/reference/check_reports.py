#!/usr/bin/env python3
"""Reads every real report with inspect and compares its counts with the index; one TAP line a file.

    check_reports.py FOLDER      # with INDEX.tsv in it

A file that is not well-formed must be refused by name. Where a reader mends it, it must find what the
index says can be recovered, and warn."""
import csv
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / os.environ.get("BUILD", "build/release") / "qtest-sync"
COLUMNS = ("tests", "failures", "errors", "skipped")
FIELDS = ("results", "failed", "error", "skipped")


def inspect(path):
    return subprocess.run([PROGRAM, "inspect", "--output=json", "--allow-empty", path], capture_output=True, check=False,
                          timeout=600, env={"PATH": os.environ["PATH"], "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")})


def refusal(path, result):
    """What is wrong with a refusal; None when it is a good one."""
    lines = result.stderr.decode("utf-8", "replace").splitlines()
    if result.returncode != 3 or result.stdout:
        return f"exit code {result.returncode} instead of 3"
    if len(lines) != 1 or path.name not in lines[0] or lines[0].endswith("."):
        return f"not one sentence with the name: {lines}"
    return None


def recovered(row, path, report):
    """Mended in silence only where the mending is beyond doubt: a byte order mark says the encoding."""
    told = report["warnings"] or path.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")
    for alternative in row["alt"].split(";"):
        kind, _, counts = alternative.partition("=")
        if kind == "recover":
            expected = tuple(int(number) for number in counts.split("/"))
            if tuple(report["counts"][field] for field in FIELDS) == expected and told:
                return None
    return f"taken with {report['counts']} and warnings {report['warnings']}, recoverable: {row['alt']}"


def complaint(row, path):
    result = inspect(path)
    if row["parse"] != "ok":
        if result.returncode == 0 and row["parse"] == "malformed":
            return recovered(row, path, json.loads(result.stdout)["reports"][0])
        return refusal(path, result)
    if result.returncode != 0:
        return f"exit code {result.returncode}: {result.stderr.decode('utf-8', 'replace').strip()}"
    counts = json.loads(result.stdout)["reports"][0]["counts"]
    found = tuple(counts[field] for field in FIELDS)
    expected = tuple(int(row[column]) for column in COLUMNS)
    return None if found == expected else f"{FIELDS} are {found}, expected {expected}"


def main():
    folder = Path(sys.argv[1])
    failed = 0
    with open(folder / "INDEX.tsv", encoding="utf-8", newline="") as index:
        rows = list(csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE))
    for number, row in enumerate(rows, 1):
        problem = complaint(row, folder / row["file"])
        failed += problem is not None
        print(f"{'not ok' if problem else 'ok'} {number} - {row['file']}")
        if problem:
            print(f"# {problem}")
    print(f"1..{len(rows)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
