"""The pages behind web_url: reachable, escaped, self-contained; in Chromium where there is one."""

import html.parser
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from urllib.parse import urlsplit

from sandbox_support import SandboxCase, log, step

NASTY = "<script>document.title='broken'</script> \"q\" 'a' & \u202eright-to-left \u05e2\u05d1\u05e8\u05d9\u05ea"
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class Reader(html.parser.HTMLParser):
    """Collects the elements, the links and the text; complains about what is not closed in order."""

    VOID = {"meta", "link", "br", "img", "rect"}

    def __init__(self, text):
        super().__init__()
        self.elements, self.links, self.text, self.open = set(), [], "", []
        self.problems = []
        self.feed(text)
        if self.open:
            self.problems.append(f"left open: {self.open}")

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        for name, value in attrs:
            if name in ("href", "src"):
                self.links.append(value)
            if name.startswith("on") or name == "style":
                self.problems.append(f"attribute {name}")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.add(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> does not match")

    def handle_data(self, data):
        self.text += data


class PagesCase(SandboxCase):
    def populate(self, name=NASTY):
        self.cycle = self.project.cycle(name)
        self.project.put(f"/test-cycles/{self.cycle['id']}", {"name": name, "description": "<b>Bold</b> &lt;script&gt;"})
        self.suite = self.project.suite(name, self.cycle["id"])
        self.module = self.project.module(name)
        self.project.post("/releases", {"name": name, "properties": []})
        self.project.post("/requirements", {"name": name, "properties": []})
        file = {"name": name + ".png", "content_type": "image/png", "data": PICTURE}
        entries = [log(f"{name} {i}", f"c{i} {name}", word, note=name, build_number=name, build_url="javascript:alert(1)", attachments=[file],
                       test_step_logs=[step(name, 0, word, attachments=[file], actual_result=name), step("second", 1)])
                   for i, word in enumerate(("PASS", "FAIL", "SKIP", "BLOCKED", "PASS"))]
        body = {"test_suite": self.suite["id"], "parent_module": self.module["id"], "skipCreatingAutomationModule": True, "test_logs": entries}
        for _ in range(2):
            self.assertEqual(self.project.run_job(body)["state"], "SUCCESS")

    def page(self, target):
        reply = self.sandbox.get(target, token="")
        self.assertEqual(reply.status, 200, target)
        return reply

    def every_page(self):
        """All pages, found by following links from the first."""
        seen, todo = {}, ["/"]
        while todo:
            target = todo.pop()
            if target in seen:
                continue
            reply = self.page(target)
            seen[target] = reply
            if reply.headers["Content-Type"].startswith("text/html"):
                todo += Reader(reply.body.decode()).links
        return seen


class Pages(PagesCase):
    def test_every_link_leads_somewhere_and_all_is_escaped(self):
        self.populate()
        pages = self.every_page()
        self.assertGreater(len(pages), 20)
        for target, reply in pages.items():
            if not reply.headers["Content-Type"].startswith("text/html"):
                continue
            page = Reader(reply.body.decode())
            self.assertEqual(page.problems, [], target)
            self.assertNotIn("script", page.elements, target)
            self.assertTrue(all(link.startswith("/") for link in page.links), page.links)
            policy = reply.headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe", policy)

    def test_web_urls_show_the_object(self):
        self.populate("Named")
        run = self.project.runs(self.suite["id"])[0]
        case = self.project.get(f"/test-cases/{run['testCaseId']}").json
        for url in (self.cycle["web_url"], self.suite["web_url"], case["web_url"]):
            parts = urlsplit(url)
            self.assertEqual(parts.port, self.sandbox.port)
            self.assertIn("Named", Reader(self.page(f"{parts.path}?{parts.query}").body.decode()).text)

    def test_a_run_shows_logs_steps_and_attachments(self):
        self.populate()
        run = self.project.runs(self.suite["id"])[1]
        page = Reader(self.page(f"/p/{self.project.id}/portal/project?tab=testexecution&object=3&id={run['id']}").body.decode())
        self.assertEqual(page.text.count("Failed"), 4)
        self.assertIn(NASTY, page.text)
        self.assertIn("second", page.text)
        self.assertEqual(len([link for link in page.links if "/attachments/" in link]), 4)

    def test_a_cycle_has_a_picture_of_its_statuses(self):
        self.populate()
        text = self.page(f"/p/{self.project.id}/portal/project?tab=testexecution&object=4&id={self.cycle['id']}").body.decode()
        self.assertIn("5 test runs, 2 Passed, 1 Failed, 1 Incomplete, 1 Blocked, 0 Unexecuted", text)
        self.assertIn("<svg", text)

    def test_attachments_that_could_be_pages_are_downloads(self):
        suite = self.project.suite()["id"]
        files = [{"name": "x.html", "content_type": "text/html", "data": "PHNjcmlwdD4="}, {"name": "x.svg", "content_type": "image/svg+xml", "data": "PHN2Zy8+"}]
        self.project.run_job({"test_suite": suite, "test_logs": [log(attachments=files)]})
        for file in self.project.logs(self.project.runs(suite)[0]["id"])[0]["attachments"]:
            reply = self.page(urlsplit(file["web_url"]).path)
            self.assertEqual((reply.headers["Content-Type"], reply.headers["Content-Disposition"]), ("application/octet-stream", "attachment"))

    def test_what_is_not_there(self):
        for target in (f"/p/{self.project.id}/portal/project?object=4&id=5", f"/p/{self.project.id}/portal/project?object=99&id=5", "/p/9/portal/project"):
            self.assertEqual(self.sandbox.get(target, token="").status, 404)


CHROMIUM = next((shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome") if shutil.which(name)), None)


@unittest.skipUnless(CHROMIUM, "Chromium is not there")
class InChromium(PagesCase):
    """Every page once: no console error, no request to another machine; screenshots stay where QTEST_SCREENSHOTS says."""

    def browse(self, folder, target, *options):
        command = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + folder, "--enable-logging=stderr", "--v=0",
                   "--log-level=0", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                   "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--log-net-log=" + os.path.join(folder, "net.json"), *options,
                   f"http://127.0.0.1:{self.sandbox.port}{target}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        return done

    def requests_of_the_page(self, net_log):
        """What the page asked for; what the browser asks for itself has no origin as its initiator."""
        with open(net_log, encoding="utf-8", errors="replace") as file:
            events = json.load(file)["events"]
        given = [event.get("params", {}) for event in events]
        return {p["url"] for p in given if "url" in p and p.get("initiator", "not an origin") != "not an origin"}

    def test_every_page_without_console_errors(self):
        self.populate()
        targets = [t for t, reply in self.every_page().items() if reply.headers["Content-Type"].startswith("text/html")]
        by_kind = {}
        for target in targets:
            by_kind.setdefault(target.split("&id=")[0].split("/attachments/")[0], target)
        shots = os.environ.get("QTEST_SCREENSHOTS")
        for number, target in enumerate(sorted(by_kind.values())):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                extra = [f"--screenshot={os.path.join(shots, f'page-{number:02}.png')}", "--window-size=1100,1400"] if shots else ["--dump-dom"]
                done = self.browse(folder, target, *extra)
                self.assertNotIn("CONSOLE", done.stderr, target)
                self.assertNotIn("<title>broken", done.stdout)
                requests = self.requests_of_the_page(os.path.join(folder, "net.json"))
                self.assertTrue(any(url.endswith("/style.css") for url in requests), requests)
                for url in requests:
                    self.assertTrue(url.startswith(f"http://127.0.0.1:{self.sandbox.port}/"), url)


if __name__ == "__main__":
    unittest.main()
