"""Where results go: modules, cycles and suites whose names qTest shows otherwise than they were sent."""
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from harness import PROJECT, SandboxCase  # noqa: E402

ENTITIES = "R&amp;D &lt;x&gt;"
LONG = "f" * 600


def junit(day, name="a"):
    return (f'<testsuite name="S" timestamp="2026-03-{day:02d}T07:00:00">'
            f'<testcase classname="C" name="{name}" time="0.1"/></testsuite>')


def in_folders(day, *folders):
    """One test in each folder; another day, other tests."""
    start = f"2022-07-{day:02d}T10:00:00Z"
    target = {"targetName": "Chrome 103.0", "result": "Passed", "executionStart": start, "executionEnd": start}
    return json.dumps({"jobName": "J", "executionId": f"e{day}",
                       "tests": [{"name": f"t{day}", "folder": folder, "targets": [target]} for folder in folders]})


class PlacesCase(SandboxCase):
    def use(self, *switches):
        self.sandbox.stop()
        self.sandbox = self.start_sandbox(*[word for switch in switches for word in ("--set", switch)])

    def created(self, kind):
        """How many cycles or modules were made."""
        return sum(request["method"] == "POST" and f"/{kind}" in request["target"]
                   for request in self.sandbox.requests())


class ModuleNamesTest(PlacesCase):
    """--timeout: to end soon, should modules be made for ever."""

    def check_made_once(self, folder, *switches):
        self.use(*switches)
        self.upload(self.write("report.json", in_folders(1, folder)), "--timeout=10s")
        self.assertEqual(self.created("modules"), 2)

    def test_a_folder_that_holds_entities_is_made_once(self):
        self.check_made_once(ENTITIES)

    def test_a_folder_that_the_site_cuts_is_made_once(self):
        self.check_made_once(LONG, "long-names=cut")

    def check_used_again(self, folder, *switches):
        self.use(*switches)
        for day in (1, 2):
            self.upload(self.write(f"{day}.json", in_folders(day, folder)), "--timeout=10s")
        self.assertEqual(self.created("modules"), 2)

    def test_a_long_folder_is_used_again(self):
        for switch in ("long-names=cut", "long-names=400"):
            with self.subTest(switch):
                self.check_used_again(LONG, switch)

    def test_a_folder_that_holds_entities_is_used_again(self):
        for switch in ("escaping=raw", "escaping=entities"):
            with self.subTest(switch):
                self.check_used_again(ENTITIES, switch)

    def test_folders_that_differ_only_as_shown_stay_apart(self):
        for switch in ("escaping=raw", "escaping=entities"):
            with self.subTest(switch):
                self.use(switch)
                for day in (1, 2):
                    self.upload(self.write(f"{day}.json", in_folders(day, "R&D", "R&amp;D")))
                [root] = self.sandbox.modules()
                self.assertEqual(len(root["children"]), 2)
                places = [case["parent_id"] for case in self.sandbox.cases()]
                self.assertEqual(sorted(places), sorted([m["id"] for m in root["children"]] * 2))

    def test_two_long_folders_that_begin_alike_stay_apart(self):
        self.use("long-names=cut")
        self.upload(self.write("report.json", in_folders(1, LONG + "1", LONG + "2")))
        [root] = self.sandbox.modules()
        self.assertEqual(len({module["name"] for module in root["children"]}), 2)
        self.assertEqual({case["parent_id"] for case in self.sandbox.cases()}, {m["id"] for m in root["children"]})

    def test_a_root_module_that_holds_entities_is_made_once(self):
        self.upload(self.write("report.xml", junit(1)), f"--module={ENTITIES}", "--timeout=10s")
        self.assertEqual(self.created("modules"), 1)


class MovedByTheUserTest(PlacesCase):
    """A folder's module: by its name below the root module, else where most of its cases are, else made."""

    def send(self, days, folder="Shop"):
        """The tests of these days, in one execution."""
        parts = [json.loads(in_folders(day, folder)) for day in days]
        report = {**parts[-1], "tests": [test for part in parts for test in part["tests"]]}
        for test in report["tests"]:
            test["targets"] = parts[-1]["tests"][0]["targets"]
        return self.new_requests(lambda: self.upload(self.write("report.json", json.dumps(report))))

    def call(self, method, path, body=None, **query):
        status, answer = self.sandbox.call(method, f"/api/v3/projects/{self.sandbox.project}/{path}", body, **query)
        self.assertIn(status, (200, 201), answer)
        return answer

    def module(self, name, parent=0):
        return self.call("POST", "modules", {"name": name}, parentId=parent)["id"]

    def places(self):
        """{test: name of its module}"""
        names, rest = {}, self.sandbox.modules()
        while rest:
            module = rest.pop()
            names[module["id"]] = module["name"]
            rest += module.get("children", [])
        return {case["name"]: names[case["parent_id"]] for case in self.sandbox.cases()}

    def move_case(self, name, module):
        [case] = [case for case in self.sandbox.cases() if case["name"] == name]
        self.call("PUT", f"test-cases/{case['id']}", {"parent_id": module})

    def shop(self):
        [root] = [module for module in self.sandbox.modules() if module["name"] == "TestProject"]
        return root["children"][0]["id"]

    def test_one_moved_case_moves_no_folder(self):
        self.send([1, 2])
        self.move_case("t1", self.module("Smoke"))
        self.send([1, 2, 3])
        self.assertEqual(self.places(), {"t1": "Smoke", "t2": "Shop", "t3": "Shop"})
        self.send([1, 4])
        self.assertEqual(self.places()["t4"], "Shop")
        self.assertEqual(self.created("modules"), 2 + 1)

    def test_a_moved_module_is_followed(self):
        self.send([1, 2, 3])
        archive, smoke = self.module("Archive"), self.module("Smoke")
        self.call("PUT", f"modules/{self.shop()}", {}, parentId=archive)
        self.move_case("t1", smoke)
        self.send([1, 2, 3, 4])
        self.assertEqual(self.places(), {"t1": "Smoke", "t2": "Shop", "t3": "Shop", "t4": "Shop"})
        self.assertEqual(self.created("modules"), 2 + 2)

    def test_a_module_below_a_moved_one_is_found_by_its_name(self):
        self.send([1], "Shop/Cart")
        self.send([2], "Shop")
        self.call("PUT", f"modules/{self.shop()}", {}, parentId=self.module("Archive"))
        report = json.loads(in_folders(3, "Shop/Cart", "Shop/Checkout"))
        report["tests"] += json.loads(in_folders(3, "Shop"))["tests"]
        for test, name in zip(report["tests"], ("t3-0", "t3-1", "t2")):
            test["name"] = name
        self.upload(self.write("report.json", json.dumps(report)))
        self.assertEqual(self.places(), {"t1": "Cart", "t2": "Shop", "t3-0": "Cart", "t3-1": "Checkout"})
        self.assertEqual(self.created("modules"), 3 + 1 + 1)

    def test_a_deleted_module_is_made_again(self):
        self.send([1, 2])
        self.call("DELETE", f"modules/{self.shop()}", force="true")
        self.send([1, 3])
        self.assertEqual(self.places(), {"t1": "Shop", "t3": "Shop"})
        self.assertEqual(self.created("modules"), 3)

    def test_the_tree_is_asked_for_only_when_a_case_is_to_be_made(self):
        def asked(requests):
            return sum(request["method"] == "GET" and "/modules" in request["target"] for request in requests)
        self.send([1])
        self.assertEqual([asked(self.send([1])), asked(self.send([1, 2]))], [0, 1])


class ExecutionNamesTest(PlacesCase):
    def check_used_again(self, *options):
        """Two executions, seen by machines that know nothing of each other, meet in one cycle and one suite."""
        for day in (1, 2):
            self.upload(self.write(f"{day}.xml", junit(day)), *options, env={"HOME": str(self.folder / str(day))})
        [cycle] = self.sandbox.cycles()
        [suite] = cycle["test-suites"]
        [run] = self.sandbox.runs(suite)
        self.assertEqual(len(self.sandbox.logs(run)), 2)

    def test_a_job_and_a_target_that_hold_entities(self):
        for switch in ("escaping=raw", "escaping=entities"):
            with self.subTest(switch):
                self.use(switch)
                self.check_used_again(f"--job={ENTITIES}", f"--target={ENTITIES}")

    def test_a_job_and_a_target_that_have_to_be_escaped(self):
        for switch in ("escaping=raw", "escaping=entities"):
            with self.subTest(switch):
                self.use(switch)
                self.check_used_again("--job=R&D <x> \"q\" 'p'", "--target=A&B <c>")

    def test_a_job_that_is_another_one_escaped_has_a_cycle_of_its_own(self):
        for day, job in enumerate(("R&D", "R&amp;D", "R&D", "R&amp;D"), start=1):
            self.upload(self.write(f"{day}.xml", junit(day)), f"--job={job}")
        self.assertEqual(self.created("test-cycles"), 2)

    def test_a_long_job(self):
        for switch in ("long-names=cut", "long-names=400"):
            with self.subTest(switch):
                self.use(switch)
                self.check_used_again(f"--job={LONG}")

    def test_a_long_target(self):
        for switch in ("long-names=cut", "long-names=400"):
            with self.subTest(switch):
                self.use(switch)
                self.check_used_again("--job=J", f"--target={LONG}")


class ReleaseTest(PlacesCase):
    def setUp(self):
        super().setUp()
        self.releases = [self.create("releases", {"name": name, "properties": []}) for name in ("R1", "R2")]
        self.day = 0

    def create(self, kind, body, **query):
        status, made = self.sandbox.call("POST", f"/api/v3/projects/{self.sandbox.project}/{kind}", body, **query)
        self.assertIn(status, (200, 201), made)
        return made["id"]

    def create_cycle(self, name, parent_type, parent):
        return self.create("test-cycles", {"name": name}, parentType=parent_type, parentId=parent)

    def send(self, *options, code=0):
        self.day += 1
        return self.upload(self.write(f"{self.day}.xml", junit(self.day)), "--job=Nightly", *options, code=code)

    def logs_below(self, parent_type, parent):
        """Logs of each cycle directly there: {id: count}."""
        return {cycle["id"]: sum(len(self.sandbox.logs(run)) for suite in self.suites(cycle["id"])
                                 for run in self.sandbox.runs(suite))
                for cycle in self.sandbox.get("test-cycles", parentType=parent_type, parentId=parent)}

    def suites(self, cycle):
        return self.sandbox.get("test-suites", parentType="test-cycle", parentId=cycle)

    def test_a_cycle_elsewhere_is_not_that_of_the_release(self):
        self.send()
        for release in ("R1", "R2", "R2", str(self.releases[0])):
            self.send(f"--release={release}")
        for parent_type, parent, logs in (("root", 0, 1), ("release", self.releases[0], 2),
                                          ("release", self.releases[1], 2)):
            self.assertEqual(list(self.logs_below(parent_type, parent).values()), [logs])

    def test_of_several_of_one_name_the_release_chooses(self):
        cycles = [self.create_cycle("Nightly", "release", release) for release in self.releases]
        self.send("--release=R2")
        self.assertEqual(self.logs_below("release", self.releases[0]), {cycles[0]: 0})
        self.assertEqual(self.logs_below("release", self.releases[1]), {cycles[1]: 1})
        self.assert_one_sentence(self.send(code=4), "2 test cycles are named 'Nightly'", "--cycle or --release")

    def test_a_cycle_that_was_moved_within_the_release_is_used_there(self):
        for keys in ("tree-keys=hyphen", "tree-keys=underscore"):
            with self.subTest(keys):
                self.use(keys)
                release = self.create("releases", {"name": "R1", "properties": []})
                outer = self.create_cycle("Outer", "release", release)
                inner = self.create_cycle("Inner", "test-cycle", outer)
                nightly = self.create_cycle("Nightly", "test-cycle", inner)
                self.send("--release=R1")
                self.assertEqual(self.logs_below("test-cycle", inner), {nightly: 1})
                self.assertEqual(list(self.logs_below("release", release)), [outer])

    def test_two_of_that_name_within_the_release_are_listed(self):
        outer = self.create_cycle("Outer", "release", self.releases[0])
        for place in (("release", self.releases[0]), ("test-cycle", outer)):
            self.create_cycle("Nightly", *place)
        self.assert_one_sentence(self.send("--release=R1", code=4), "2 test cycles are named 'Nightly'")


class PagesTest(PlacesCase):
    """Sites that give fewer at once than are asked for."""

    def create_cycles(self, *names, parent_type="root", parent=0):
        for name in names:
            status, made = self.sandbox.call("POST", f"/api/v3/projects/{self.sandbox.project}/test-cycles",
                                             {"name": name}, parentType=parent_type, parentId=parent)
            self.assertEqual(status, 201, made)
        return made["id"]

    def upload_twice(self, *options):
        """By machines that know nothing of each other; returns the requests of the second."""
        for day in (1, 2):
            before = len(self.sandbox.requests())
            self.upload(self.write(f"{day}.xml", junit(day)), *options, env={"HOME": str(self.folder / str(day))})
        return self.sandbox.requests()[before:]

    def cycle_lists(self, requests):
        return [request for request in requests
                if request["method"] == "GET" and "/test-cycles?" in request["target"]]

    def test_a_search_goes_on_to_its_last_page(self):
        self.use("page-max=50")
        box = self.create_cycles("Box")
        self.create_cycles(*[f"Bob's nightly {i}" for i in range(130)], parent_type="test-cycle", parent=box)
        self.create_cycles("Bob's nightly", parent_type="test-cycle", parent=box)
        self.upload_twice("--job=Bob's nightly")
        self.assertEqual(self.created("test-cycles"), 1 + 130 + 1)

    def test_a_list_goes_on_to_its_last_page(self):
        for size in (25, 50, 100, 999):
            with self.subTest(size):
                self.use(f"page-max={size}", "search-lag-ms=600000")
                self.create_cycles(*[f"cycle {i}" for i in range(130)])
                self.upload_twice("--job=J")
                self.assertEqual(self.created("test-cycles"), 130 + 1)

    def test_a_first_page_that_is_surely_whole_is_the_only_one(self):
        self.use("search-lag-ms=600000")
        self.create_cycles(*[f"cycle {i}" for i in range(12)])
        self.assertEqual(len(self.cycle_lists(self.upload_twice("--job=J"))), 1)

    def test_a_site_that_shows_the_same_page_again_and_again(self):
        page = [{"id": number, "name": f"cycle {number}"} for number in range(1, 21)]
        rules = [{"method": "GET", "path": "/test-cycles?", "action": {"status": 200, "body": page}}]
        self.sandbox.stop()
        self.sandbox = self.start_sandbox("--faults", self.write("rules.json", json.dumps(rules)))
        self.upload(self.write("report.xml", junit(1)))
        self.assertEqual(len(self.cycle_lists(self.sandbox.requests())), 2)

    def test_the_project_is_looked_for_on_all_pages(self):
        self.sandbox.stop()
        self.sandbox = self.start_sandbox("--set", "page-max=20", projects=[f"P {i}" for i in range(50)] + [PROJECT])
        self.upload(self.write("report.xml", junit(1)))


if __name__ == "__main__":
    unittest.main()
