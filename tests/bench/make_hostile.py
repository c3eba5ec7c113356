#!/usr/bin/env python3
"""Writes one huge or hostile JUnit report to standard output.

    make_hostile.py KIND [SIZE] > report.xml

KIND is one of KINDS below, SIZE bytes, or a count for names, attributes, depth, suites, latin1 and utf16.
"""
import sys

MB = 1024 * 1024
LINE = b"java.lang.IllegalStateException: something went wrong in a long chain of calls at line 1234567\n"
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite name="s"><testcase classname="c" name="t">'
TAIL = b"</testcase><testcase classname='c' name='u'/></testsuite></testsuites>\n"


def repeat(out, piece, size):
    block = piece * max(1, MB // len(piece))
    while size >= len(block):
        out.write(block)
        size -= len(block)
    out.write(piece * (size // len(piece)))


def wrapped(before, piece, after):
    def write(out, size):
        out.write(HEAD + before)
        repeat(out, piece, size)
        out.write(after + TAIL)

    return write


def depth(out, count):
    out.write(b"<testsuites>" + b"<testsuite name='s'>" * count + b"<testcase name='t'/>")
    out.write(b"</testsuite>" * count + b"</testsuites>")


def suites(out, count):
    out.write(b"<testsuites>")
    for number in range(count):
        out.write(b"<testsuite name='s%d' timestamp='2024-01-03T12:27:44Z'><testcase name='t'/></testsuite>\n" % number)
    out.write(b"</testsuites>")


def bomb(out, size):
    out.write(b'<?xml version="1.0"?>\n<!DOCTYPE testsuite [\n<!ENTITY a0 "ha">\n')
    for level in range(1, 31):
        out.write(b'<!ENTITY a%d "&a%d;&a%d;">\n' % (level, level - 1, level - 1))
    out.write(b']>\n<testsuite name="s"><testcase name="t"><failure>&a30;</failure></testcase></testsuite>\n')


def attributes(out, count):
    out.write(HEAD[:-1])
    for number in range(count):
        out.write(b" a%d=''" % number)
    out.write(b">" + TAIL)


def names(out, count):
    out.write(HEAD)
    for number in range(count):
        out.write(b"<e%d/>" % number)
    out.write(TAIL)


def cut(out, size):
    out.write(HEAD + b"<failure><![CDATA[")
    repeat(out, LINE, size)


def encoded(name):
    def write(out, count):
        body = "".join(f"<testcase classname='Prüfung' name='größer als {n}'/>\n" for n in range(count))
        out.write(f"<?xml version='1.0' encoding='{name}'?>\n<testsuite name='é'>{body}</testsuite>".encode(name))

    return write


KINDS = {
    "cdata": (wrapped(b"<failure><![CDATA[", LINE, b"]]></failure>"), 97 * MB),
    "cdata-brackets": (wrapped(b"<failure><![CDATA[", b"]]", b" ]]></failure>"), 30 * MB),
    "output": (wrapped(b"<system-out><![CDATA[", b"[[ATTACHMENT|", b"]]></system-out>"), 100 * MB),
    "text": (wrapped(b"<failure>", LINE, b"</failure>"), 100 * MB),
    "entities": (wrapped(b"<failure>", b"a &lt;b&gt; &amp; c &#10; &#x41;\n", b"</failure>"), 94 * MB),
    "attribute": (wrapped(b'<failure message="', LINE, b'"/>'), 24 * MB),
    "attribute-gt": (wrapped(b'<failure message="', b"a > b and b > c ", b'"/>'), 24 * MB),
    "property": (wrapped(b'<properties><property name="attachment" value="data:image/png;base64,', b"QUJD", b'"/></properties>'), 16 * MB),
    "name": (wrapped(b"</testcase><testcase name='", b"long name ", b"'>"), 24 * MB),
    "comment": (wrapped(b"<!--", LINE, b"-->"), 100 * MB),
    "instruction": (wrapped(b"<?x ", LINE, b"?>"), 100 * MB),
    "control": (wrapped(b"<failure>", b"\x1b[31mred\x1b[0m \x00\xff &#0; &#x1b;[1m\r\n", b"</failure>"), 100 * MB),
    "blanks": (wrapped(b"", b" ", b""), 100 * MB),
    "markers": (wrapped(b"<system-out>", b"[[ATTACHMENT|a.png]]", b"</system-out>"), 100 * MB),
    "names": (names, 200000),
    "attributes": (attributes, 200000),
    "depth": (depth, 1000),
    "suites": (suites, 100000),
    "bomb": (bomb, 0),
    "cut": (cut, 50 * MB),
    "latin1": (encoded("iso-8859-1"), 500000),
    "utf16": (encoded("utf-16"), 500000),
}


def main():
    write, size = KINDS[sys.argv[1]]
    write(sys.stdout.buffer, int(sys.argv[2]) if len(sys.argv) > 2 else size)


if __name__ == "__main__":
    main()
