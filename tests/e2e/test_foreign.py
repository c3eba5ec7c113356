"""Files that are no reports: refused by name where they are named, left out where a folder or pattern finds them;
and what is empty."""
import unittest

from harness import SAMPLES, FolderCase, SandboxCase, is_write

ALLURE = '{"uuid":"u","historyId":"h","name":"adds","status":"failed","start":1,"stop":2}'
FAILSAFE = '<failsafe-summary result="255"><completed>1</completed></failsafe-summary>'
JEST = ('{"numTotalTests":2,"testResults":[{"name":"/a.js","status":"failed","message":"boom","assertionResults":[]},'
        '{"name":"/b.js","status":"passed","message":"","assertionResults":[]}]}')
BESIDE = {"target/failsafe-summary.xml": FAILSAFE, "target/jacoco.xml": '<report name="app"/>',
          "target/page.xml": "<!DOCTYPE html><html><body>404</body></html>", "package.json": '{"name":"a","scripts":{}}',
          "tsconfig.json": '{\n  // strict\n  "compilerOptions": {"strict": true},\n}\n', "allure/a-result.json": ALLURE,
          "pom.xml": '<project xmlns="http://maven.apache.org/POM/4.0.0"/>', "jest.json": JEST, "list.json": "[1,2]", "none.json": "[]"}
EMPTY = {"zero.xml": b"", "blank.json": b" \r\n\t", "mark.xml": b"\xef\xbb\xbf\n", "many.xml": b" \n" * 5000}


class NamedTest(FolderCase):
    def test_a_foreign_file_named_by_itself_is_an_error(self):
        for name, content in BESIDE.items():
            if name == "none.json":  # an empty report, when it is named
                continue
            with self.subTest(name):
                for words in ((self.write("r/" + name, content),), ("-",)):
                    result = self.sync("inspect", *words, stdin=content)
                    self.assert_exit(result, 3)
                    self.assert_one_sentence(result, " is ", "; ", "JUnit XML" if "page" not in name else "report itself")
                    self.assertEqual(result.out, "")

    def test_beside_a_good_one_it_is_an_error_too(self):
        result = self.sync("inspect", SAMPLES / "pytest.xml", self.write("jest.json", JEST))
        self.assert_exit(result, 3)
        self.assert_one_sentence(result, "jest.json' is a report of Jest", "jest-junit")
        self.assertNotIn("TestProject", result.err)


    def test_nothing_of_a_refused_report_is_counted(self):
        shape = self.write("shape.json", '{"tests":[{"name":"a","status":"passed"},{"name":"b","status":"passed"}]}')
        cut = self.write("cut.xml", '<testsuite name="s"><testcase name="a"/><testcase name="b"/>')
        result = self.sync("inspect", "--keep-going", "--output=json", shape, cut, SAMPLES / "pytest.xml")
        self.assert_exit(result, 3)
        root = result.json()
        self.assertEqual([report["counts"]["results"] for report in root["reports"]], [0, 0, 6])
        self.assertEqual(root["counts"]["results"], 6)


class FolderTest(FolderCase):
    def setUp(self):
        super().setUp()
        for name, content in BESIDE.items():
            self.write("out/" + name, content)
        self.write("out/target/TEST-a.xml", (SAMPLES / "pytest.xml").read_bytes())

    def test_what_is_no_report_is_left_out_by_name(self):
        for words in (["out"], ["out/**"], ["out/**/*.*"]):
            result = self.sync("inspect", *words)
            self.assert_exit(result, 0)
            self.assertIn("TEST-a.xml: JUnit XML, 6 results", result.out)
            lines = result.err.splitlines()
            self.assertEqual(len(lines), len(BESIDE), result)
            for name in BESIDE:
                self.assertEqual(sum(f"warning: 'out/{name}' is left out: it is " in line for line in lines), 1, name)

    def test_json_names_them_beside_the_reports(self):
        root = self.sync("inspect", "--output=json", "out").json()
        self.assertEqual([report["file"] for report in root["reports"]], ["out/target/TEST-a.xml"])
        self.assertEqual(root["counts"]["results"], 6)
        self.assertEqual(len(root["left_out"]), len(BESIDE))

    def test_many_of_one_kind_are_one_line(self):
        for number in range(300):
            self.write(f"out/allure/{number:03}-result.json", ALLURE)
        result = self.sync("inspect", "out")
        self.assert_exit(result, 0)
        self.assertEqual(len(result.err.splitlines()), len(BESIDE))
        self.assertIn("'out/allure/000-result.json', 'out/allure/001-result.json', 'out/allure/002-result.json' and 298 "
                      "more are left out: each is an Allure result; ", result.err)
        self.assertEqual(len(self.sync("inspect", "-v", "out").err.splitlines()), len(BESIDE) + 300)
        self.assertEqual(self.sync("inspect", "-q", "out").err, "")

    def test_nothing_but_foreign_files_is_an_error_that_names_them(self):
        for words, where in ((["out/allure"], "in the folder 'out/allure'"),
                             (["out/*.json"], "that matches the pattern 'out/*.json'")):
            for more in ([], [str(SAMPLES / "pytest.xml")]):
                result = self.sync("inspect", *more, *words)
                self.assert_exit(result, 3)
                self.assert_one_sentence(result, f"nothing {where} is a report: ", "JUnit XML")
        self.assertIn("'out/jest.json' is a report of Jest", result.err)
        result = self.sync("inspect", "--keep-going", "out/allure", SAMPLES / "pytest.xml")
        self.assert_exit(result, 3)
        self.assertIn("6 results", result.out)

    def test_a_report_that_was_named_before_counts_for_its_folder(self):
        result = self.sync("inspect", "out/target/TEST-a.xml", "out/target")
        self.assert_exit(result, 0)

    def test_damaged_and_empty_reports_are_errors_there_too(self):
        whole = (SAMPLES / "testproject-nightly.json").read_bytes()
        for name, content in (("TEST-b.xml", b'<testsuite name="s"><testcase name="a"/>'), ("cut.json", whole[:900]),
                              ("bad.xml", b"<testsuites><testsuite></testsuites>"), ("zero.xml", b""),
                              ("bad.json", b'{"jobName": "J", "testResults": [{,}]}')):
            with self.subTest(name):
                path = self.write("out/" + name, content)
                result = self.sync("inspect", "out")
                self.assert_exit(result, 3)
                self.assert_one_sentence(result, f"out/{name}'")
                path.unlink()


class EmptyTest(FolderCase):
    def test_nothing_at_all_is_empty(self):
        for name, content in EMPTY.items():
            with self.subTest(name):
                self.write("d/" + name, content)
                for words, stdin in (([f"d/{name}"], None), (["-"], content)):
                    result = self.sync("inspect", *words, stdin=stdin)
                    self.assert_exit(result, 3)
                    self.assert_one_sentence(result, " is empty: ")
                    result = self.sync("inspect", "--allow-empty", *words, stdin=stdin)
                    self.assert_exit(result, 0)
                    self.assertIn("is empty", result.out)
        result = self.sync("inspect", "d")
        self.assert_exit(result, 3)
        self.assert_one_sentence(result, " is empty: ")
        result = self.sync("inspect", "--allow-empty", "--output=json", "d")
        self.assert_exit(result, 0)
        self.assertEqual(len(result.json()["reports"]), len(EMPTY))


class UploadTest(SandboxCase):
    def test_upload_and_plan_leave_out_what_inspect_leaves_out(self):
        for name, content in BESIDE.items():
            self.write("out/" + name, content)
        self.write("out/TEST-a.xml", (SAMPLES / "pytest.xml").read_bytes())
        for command in ("plan", "upload"):
            result = self.at_site(command, "--output=json", "out")
            self.assert_exit(result, 0)
            root = result.json()
            self.assertEqual(root["read"], 6)
            told = [problem for problem in root["problems"] if "is left out: it is " in str(problem)]
            self.assertEqual(len(told), len(BESIDE))
        text = self.upload("out").out
        self.assertIn("warning: 'out/package.json' is left out: it is a package description", text)

    def test_nothing_is_written_for_foreign_and_empty_files(self):
        self.write("out/jest.json", JEST)
        for words, stdin in ((["out"], None), (["out/jest.json"], None), (["-"], JEST), (["-"], "")):
            requests = self.new_requests(lambda words=words, stdin=stdin: self.upload(*words, code=3, stdin=stdin))
            self.assertEqual([request for request in requests if is_write(request)], [])
        requests = self.new_requests(lambda: self.upload("--allow-empty", "-", stdin=""))
        self.assertEqual([request for request in requests if is_write(request)], [])


if __name__ == "__main__":
    unittest.main()
