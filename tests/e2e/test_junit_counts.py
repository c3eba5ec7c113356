"""What inspect counts in JUnit reports made by chance, against a second counter that knows only the rules of
docs/formats.md 3 and expat: nothing of it is shared with the reader."""
import json
import random
import unittest
import xml.etree.ElementTree as ElementTree

from harness import FolderCase

REPORTS = 300
SUITES = ("testsuite", "testsuites")
CHILDREN = ("failure", "error", "skipped", "flakyFailure", "flakyError", "rerunFailure", "rerunError", "warning",
            "passed", "system-out", "system-err", "webLink", "properties", "unheard-of")
WORDS = {"run": 0, "completed": 0, "Passed": 0, "1": 0, "": 0, "notrun": 1, "disabled": 1, "ignored": 1, "Skipped": 1,
         "suppressed": 1, "failed": 2, "fail": 2, "error": 3, "errored": 3}
STATUS_COUNTS = ("passed", "skipped", "failed", "error")
UNKNOWN = ("webLink", "unheard-of", "unknown")
ENOUGH = 9  # no deeper


class Maker:
    """Reports with anything anywhere that has been seen in real ones."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def maybe(self, chance):
        return self.random.random() < chance

    def attribute(self, element, name, chance, values):
        if self.maybe(chance):
            element.set(name, self.random.choice(values))

    def marks(self, parent):
        for _ in range(self.random.choice((0, 0, 0, 1, 1, 2))):
            mark = ElementTree.SubElement(parent, self.random.choice(CHILDREN))
            self.attribute(mark, "message", 0.5, ("m", "", "two\nlines"))
            if self.maybe(0.5):
                mark.text = "text ]]> <&\n"
            if self.maybe(0.2):
                self.case(mark, ENOUGH)
            if self.maybe(0.1):
                ElementTree.SubElement(mark, "failure")

    def case(self, parent, depth):
        case = ElementTree.SubElement(parent, "testcase")
        self.attribute(case, "name", 0.9, "abcd")
        self.attribute(case, "classname", 0.5, ("", "x", "y"))
        self.attribute(case, "status", 0.2, list(WORDS))
        self.attribute(case, "result", 0.2, list(WORDS))
        self.attribute(case, "time", 0.3, ("1", "0,5", "x", ""))
        if depth < ENOUGH:
            self.marks(case)
            if self.maybe(0.1):
                self.case(case, depth + 1)
            if self.maybe(0.1):
                self.suite(case, depth + 1)

    def fill(self, suite, depth):
        self.attribute(suite, "name", 0.8, ("s", "t", ""))
        self.attribute(suite, "tests", 0.5, ("", "0", "7", "x"))
        for _ in range(self.random.randrange(5)):
            kind = self.random.choices(("case", "suite", "marks", "unknown"), (6, 2, 2, 1))[0]
            if kind == "case":
                self.case(suite, depth)
            elif kind == "suite" and depth < ENOUGH - 3:
                self.suite(suite, depth + 1)
            elif kind == "marks":
                self.marks(suite)
            elif kind == "unknown":
                self.case(ElementTree.SubElement(suite, "unknown"), ENOUGH)
        return suite

    def suite(self, parent, depth):
        self.fill(ElementTree.SubElement(parent, self.random.choice(SUITES[:1] * 9 + SUITES)), depth)

    def report(self):
        return self.fill(ElementTree.Element(self.random.choice(SUITES)), 0)


def heard(element):
    """The tags of what stands in the element, and of what unknown elements in it hold."""
    for child in element:
        yield child.tag
        if child.tag in UNKNOWN:
            yield from heard(child)


class Counter:
    def __init__(self, root):
        names = ("results", *STATUS_COUNTS, "suite_errors", "flaky", "repeated")
        self.counts = dict.fromkeys(names, 0)
        self.seen = set()
        self.walk(root, None)

    def walk(self, element, named):
        if element.tag == "testsuite" and element.get("name"):
            named = element.get("name")
        children = set(heard(element))
        grouped = [test for child in element if child.tag in UNKNOWN and element.tag != "testcase" for test in child]
        for child in [*element, *grouped]:
            if child.tag in SUITES or child.tag == "testcase":
                self.walk(child, named)
        if element.tag == "testcase":
            self.case(element, children, named)
        else:
            self.counts["suite_errors"] += bool(children & {"error", "failure"})

    def case(self, case, children, named):
        status = max(WORDS[case.get("status", "")], WORDS[case.get("result", "")])
        for value, tag in ((3, "error"), (2, "failure"), (1, "skipped")):
            if tag in children:
                status = value
                break
        key = (case.get("classname") or named, case.get("name"))
        self.counts["results"] += 1
        self.counts[STATUS_COUNTS[status]] += 1
        self.counts["flaky"] += status == 0 and any(child.startswith(("flaky", "rerun")) for child in children)
        self.counts["repeated"] += key in self.seen
        self.seen.add(key)


class CountsTest(FolderCase):
    def test_inspect_counts_as_a_second_counter_does(self):
        maker = Maker(20240131)
        expected = {}
        for number in range(REPORTS):
            root = maker.report()
            path = self.folder / f"{number}.xml"
            encoding = maker.random.choice(("utf-8", "us-ascii", "iso-8859-1", "utf-16"))
            ElementTree.ElementTree(root).write(path, encoding=encoding, xml_declaration=True)
            expected[str(path)] = Counter(root).counts
        result = self.sync("inspect", "--output=json", "--allow-empty", *expected)
        self.assert_exit(result, 0)
        found = {report["file"]: report["counts"] for report in json.loads(result.out)["reports"]}
        self.assertEqual(found.keys(), expected.keys())
        for path, counts in expected.items():
            if found[path] != counts:
                self.assertEqual(found[path], counts, ElementTree.tostring(ElementTree.parse(path).getroot()))
        for count in next(iter(expected.values())):
            self.assertGreater(sum(counts[count] for counts in expected.values()), 10, count)


if __name__ == "__main__":
    unittest.main()
