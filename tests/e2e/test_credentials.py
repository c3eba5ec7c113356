"""User names and passwords in addresses are neither shown nor sent, wherever the address comes from."""
import json
import unittest

from harness import SAMPLES, SandboxCase

SECRET = "geheim"
LINK = f"https://bob:{SECRET}@ci.example/job/7"
REPORT = f"""<testsuites name="t"><testsuite name="s" timestamp="2024-05-01T10:00:00">
<testcase classname="a.A" name="one" time="1"><properties>
<property name="attachment" value="HTTPS://bob:{SECRET}/x@ci.example/shot.png"/></properties>
<failure message="page.goto: https://bob:{SECRET}@shop.example/ refused">at https://{SECRET}@shop.example/</failure>
<system-out>[[ATTACHMENT|https://bob:{SECRET}@ci.example/video.webm]]</system-out></testcase></testsuite></testsuites>"""


class CredentialsTest(SandboxCase):
    def assert_gone(self, result):
        self.assertNotIn(SECRET, result.out + result.err)
        sent = [request["request"] for request in self.sandbox.requests()]
        self.assertNotIn(SECRET, json.dumps(sent))
        return json.dumps(sent)

    def test_the_build_s_address_of_a_ci_system(self):
        for env in ({"GITLAB_CI": "true", "CI_JOB_URL": LINK}, {"BUILD_TAG": "jenkins-7", "BUILD_URL": LINK}):
            with self.subTest(env):
                sent = self.assert_gone(self.upload(SAMPLES / "pytest.xml", "-vv", env=env))
                self.assertIn("https://ci.example/job/7", sent)
                shown = self.at_site("upload", "--show-config", env=env)
                self.assertNotIn(SECRET, shown.out)
                self.assertIn("https://ci.example/job/7", shown.out)

    def test_links_that_are_given(self):
        sent = self.assert_gone(self.upload(SAMPLES / "pytest.xml", "--build-url", LINK, "--report-url", f"{LINK}?a=b@c"))
        self.assertIn("https://ci.example/job/7?a=b@c", sent)

    def test_links_in_a_report_of_testproject(self):
        report = json.loads((SAMPLES / "testproject-nightly.json").read_text())
        report["reportUrl"] = f"https://bob:{SECRET}@app.testproject.io/#/reports/jobs/J/execution/E7?es=1"
        path = self.write("nightly.json", json.dumps(report))
        shown = self.sync("inspect", "--output=json", path)
        self.assertEqual(shown.json()["reports"][0]["report_url"],
                         "https://app.testproject.io/#/reports/jobs/J/execution/E7?es=1")
        self.assertIn("https://app.testproject.io/#/reports", self.assert_gone(self.upload(path)))

    def test_links_and_messages_in_other_reports(self):
        path = self.write("r.xml", REPORT)
        self.assertNotIn(SECRET, self.sync("inspect", "-vv", path).out)
        sent = self.assert_gone(self.upload(path))
        self.assertIn("page.goto: https://shop.example/ refused", sent)
        self.assertIn("https://ci.example/video.webm", sent)

    def test_sentences(self):
        for words in (["inspect", LINK], ["inspect", "--target", "x", f"https://{SECRET}@host/r.xml"],
                      ["upload", SAMPLES / "pytest.xml", "--build-url", f"ftp://bob:{SECRET}@host"],
                      ["upload", SAMPLES / "pytest.xml", "--url", f"https://{SECRET}@host"],
                      ["upload", SAMPLES / "pytest.xml", "--url", f"ftp://bob:{SECRET}@host"]):
            with self.subTest(words):
                result = self.at_site(*words)
                self.assertIn(result.code, (2, 3))
                self.assertNotIn(SECRET, result.out + result.err)

    def test_the_proxy_in_the_shown_configuration(self):
        for proxy in (f"http://bob:{SECRET}@proxy.example:3128", f"http://{SECRET}@proxy.example:3128"):
            shown = self.sync("upload", "--show-config", env={"QTEST_PROXY": proxy}).out
            self.assertNotIn(SECRET, shown)
            self.assertIn("http://***@proxy.example:3128", shown)


if __name__ == "__main__":
    unittest.main()
