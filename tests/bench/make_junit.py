#!/usr/bin/env python3
"""Writes a JUnit report of any size to standard output: 5 % of the tests fail with a trace of 2 KB, 2 % are
skipped, 5 % have output. About 320 bytes a test. The same size gives the same bytes.

    make_junit.py TESTS > report.xml
"""
import random
import sys


def trace(number):
    frames = [f"\tat com.example.app.module{number % 17}.Service{i}.call{i}(Service{i}.java:{100 + i})" for i in range(34)]
    return "java.lang.AssertionError: expected:&lt;200&gt; but was:&lt;500&gt;\n" + "\n".join(frames)


def case(number, chance):
    head = (
        f'    <testcase classname="com.example.app.module{number % 997}.CheckoutFlowTest{number % 89}" '
        f'name="should accept order {number} &amp; answer in time [{number % 13}]" time="{number % 10000 / 1000:.3f}"'
    )
    if chance < 0.05:
        return f'{head}>\n      <failure message="expected:&lt;200&gt; but was:&lt;500&gt;" type="java.lang.AssertionError">{trace(number)}</failure>\n    </testcase>\n'
    if chance < 0.07:
        return f"{head}>\n      <skipped/>\n    </testcase>\n"
    if chance < 0.12:
        lines = "".join(f"[INFO] 12:00:{i:02} request {number}-{i} took {i * 7} ms\n" for i in range(15))
        return f"{head}>\n      <system-out><![CDATA[{lines}]]></system-out>\n    </testcase>\n"
    return f"{head}/>\n"


def main():
    count = int(sys.argv[1])
    chances = random.Random(7)
    out = sys.stdout
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="nightly">\n')
    for number in range(count):
        if number % 500 == 0:
            if number:
                out.write("  </testsuite>\n")
            out.write(
                f'  <testsuite name="com.example.app.Suite{number // 500}" tests="500" failures="25" '
                f'timestamp="2024-01-03T12:27:44Z" hostname="ci-7" time="2500.0">\n'
            )
        out.write(case(number, chances.random()))
    out.write("  </testsuite>\n</testsuites>\n")


main()
