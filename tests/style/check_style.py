#!/usr/bin/env python3
"""Holds the source to its layers and to the style; prints one TAP line a check."""
import os
import re
import subprocess
import sys
from pathlib import Path

import references

ROOT = Path(__file__).resolve().parents[2]
ANY = {"base", "report", "qtest", "sync", "cli"}
MAY_INCLUDE = {
    "base": {"base"},
    "report": {"report", "base"},
    "qtest": {"qtest", "base"},
    "sync": {"sync", "report", "qtest", "base"},
    "cli": ANY,
    "sandbox": {"sandbox", "base"},
}
BANNED_CALLS = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|atoi|atol|gmtime|localtime|strtok|sscanf|"
                          r"strtod|setlocale)\s*\(")
BANNED_WORDS = re.compile(r"\b(TODO|FIXME|XXX|HACK|stub)\b")
WARNINGS = "-Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Werror".split()
FILE_LINES_MAX = 500


def sources(*roots, suffixes=(".c", ".h")):
    for root in roots:
        yield from sorted(path for path in (ROOT / root).rglob("*")
                          if path.suffix in suffixes and "node_modules" not in path.parts)


def name(path):
    return str(path.relative_to(ROOT))


def layer(path):
    return path.relative_to(ROOT).parts[1]


def without_comments_and_strings(text):
    """Blanks them out, line ends kept, so that a word in a message is no call."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def layers():
    """Each file includes only what its layer may."""
    for path in sources("src", "include"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not match:
                continue
            included = match.group(1).split("/")[0] if "/" in match.group(1) else layer(path)
            inside = included != layer(path) and (ROOT / "src" / match.group(1)).exists()
            if included not in MAY_INCLUDE[layer(path)] or inside:
                yield f"{name(path)}:{number}: {layer(path)} may not include {match.group(1)}"


def included_by(path):
    """The headers by layer and name, as they are written."""
    return set(re.findall(r'^\s*#\s*include\s+"(\w+/\w+\.h)"', path.read_text(), re.M))


def headers_at_the_door():
    """include/ holds what other layers use, and what that takes in; a header of one layer alone is beside its sources."""
    used = {header for path in sources("src", "include") for header in included_by(path)
            if header.split("/")[0] != layer(path)}
    todo = list(used)
    while todo:
        path = ROOT / "include" / todo.pop()
        new = included_by(path) - used if path.exists() else set()
        used |= new
        todo += new
    for path in sources("include", suffixes=(".h",)):
        if str(path.relative_to(ROOT / "include")) not in used:
            yield f"{name(path)}: only {layer(path)} uses it, so it belongs in src/{layer(path)}/"


def headers_alone():
    """Each header compiles by itself with strict warnings."""
    flags = subprocess.run(["pkg-config", "--cflags", "libcurl", "libcjson", "libxml-2.0", "libmicrohttpd", "sqlite3"],
                           capture_output=True, text=True, check=False).stdout.split()
    for path in sources("include", "src", suffixes=(".h",)):
        if path.stem.endswith("_private"):
            continue  # a part of its .c files
        command = [os.environ.get("CC", "cc"), "-std=c17", "-D_GNU_SOURCE", "-D_FILE_OFFSET_BITS=64", *WARNINGS, "-I",
                   str(ROOT / "include"), "-I", str(ROOT / "src"), *flags, "-fsyntax-only", "-x", "c", "-include", str(path), "/dev/null"]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            yield f"{name(path)}: {result.stderr.splitlines()[0] if result.stderr else 'does not compile'}"


def banned_calls():
    """No call that the style bans."""
    for path in sources("src", "include"):
        text = without_comments_and_strings(path.read_text())
        for number, line in enumerate(text.splitlines(), 1):
            if BANNED_CALLS.search(line):
                yield f"{name(path)}:{number}: {line.strip()}"


def marks_of_unfinished_work():
    """No mark of unfinished work."""
    suffixes = (".c", ".h", ".sh", ".py", ".md", ".json", ".yml")
    for root in ("src", "include", "samples", "jenkins", "tests"):
        for path in sources(root, suffixes=suffixes):
            if path == Path(__file__).resolve():
                continue
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                if BANNED_WORDS.search(line):
                    yield f"{name(path)}:{number}: {line.strip()}"


def file_lengths():
    """No source file above the maximum."""
    for path in sources("src", "include", "tests"):
        lines = len(path.read_text(errors="replace").splitlines())
        if lines > FILE_LINES_MAX:
            yield f"{name(path)}: {lines} lines"


def options_have_an_effect():
    """Each field that the option table fills is read somewhere else."""
    table = (ROOT / "src/cli/option_table.c").read_text()
    resolution = {"option_table.c", "option_value.c", "options.c", "show_config.c"}
    readers = "".join(without_comments_and_strings(path.read_text()) for path in sources("src/cli")
                      if path.name not in resolution)
    for field in re.findall(r"FIELD\((\w+)\)", table):
        if field != "name" and not re.search(rf"\b(?:settings|s)(?:->|\.){field}\b", readers):
            yield f"settings.{field} is filled by an option, but nothing reads it"


def traces_hold_what_the_engine_gets():
    """Each field that the engine is given stands in a trace."""
    trace = without_comments_and_strings((ROOT / "src/cli/trace.c").read_text())
    for header, struct in (("engine.h", "engine_options"), ("desired.h", "desired_options"), ("desired.h", "desired_report"),
                           ("journal.h", "engine_memory"), ("journal.h", "remembered_job")):
        text = without_comments_and_strings((ROOT / "include/sync" / header).read_text())
        body = re.search(rf"struct {struct} {{(.*?)}};", text, re.DOTALL).group(1)
        for field in re.findall(r"(\w+)(?:\[\w+\])?;", body):
            if not field.endswith("_capacity") and not re.search(
                    rf"\b{struct}, {field}\b|\bENGINE\(\w+, {field}\)|(?:->|\.){field}\b", trace):
                yield f"include/sync/{header}: {struct}.{field} is not in src/cli/trace.c, a replay would lack it"


def references_are_there():
    """Pages, sections, functions and files that the source names are there."""
    yield from references.check(references.Repository())


def references_are_checked():
    """References that are planted wrong are found, and right ones are not."""
    yield from references.check_itself(references.Repository())


CHECKS = (layers, headers_at_the_door, headers_alone, banned_calls, marks_of_unfinished_work, file_lengths, options_have_an_effect,
          traces_hold_what_the_engine_gets, references_are_there, references_are_checked)


def main():
    failed = 0
    for number, check in enumerate(CHECKS, 1):
        findings = list(check())
        failed += bool(findings)
        print(f"{'not ok' if findings else 'ok'} {number} - style: {check.__doc__.strip().rstrip('.')}")
        for finding in findings:
            print(f"# {finding}")
    print(f"1..{len(CHECKS)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
