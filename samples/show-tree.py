#!/usr/bin/env python3
"""Prints what qTest shows: cycle > suite > run > last status, through the public API alone.

    QTEST_TOKEN=... python3 show-tree.py URL PROJECT
"""
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request


class Qtest:
    def __init__(self, url, token):
        self.url, self.token = url.rstrip("/"), token

    def get(self, path, **query):
        """The JSON answer to a GET; None when there is nothing (404)."""
        target = f"{self.url}/api/v3/{path}"
        if query:
            target += "?" + urllib.parse.urlencode(query)
        request = urllib.request.Request(target, headers={"Authorization": f"bearer {self.token}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise

    def project_id(self, name):
        for project in self.get("projects", pageSize=999):
            if name in (project["name"], str(project["id"])):
                return project["id"]
        sys.exit(f"show-tree.py: no project '{name}'")


def items(answer):
    """Lists come as an array or as an envelope with items."""
    return answer.get("items", []) if isinstance(answer, dict) else answer or []


def below(cycle, kind):
    return cycle.get(f"test-{kind}") or cycle.get(f"test_{kind}") or []


def last_status(qtest, project, run):
    log = qtest.get(f"projects/{project}/test-runs/{run['id']}/test-logs/last-run")
    return log["status"]["name"] if log else "no log"


def show_suite(qtest, project, suite, indent):
    print(f"{indent}{suite['pid']} {suite['name']}")
    runs = qtest.get(f"projects/{project}/test-runs", parentId=suite["id"], parentType="test-suite", pageSize=999)
    for run in items(runs):
        print(f"{indent}  {run['pid']} {run['name']}: {last_status(qtest, project, run)}")


def show_cycle(qtest, project, cycle, indent=""):
    print(f"{indent}{cycle['pid']} {cycle['name']}")
    for suite in below(cycle, "suites"):
        show_suite(qtest, project, suite, indent + "  ")
    for child in below(cycle, "cycles"):
        show_cycle(qtest, project, child, indent + "  ")


def main():
    if len(sys.argv) != 3 or not os.environ.get("QTEST_TOKEN"):
        sys.exit("usage: QTEST_TOKEN=... show-tree.py URL PROJECT")
    qtest = Qtest(sys.argv[1], os.environ["QTEST_TOKEN"])
    project = qtest.project_id(sys.argv[2])
    for cycle in items(qtest.get(f"projects/{project}/test-cycles", expand="descendants", pageSize=999)):
        show_cycle(qtest, project, cycle)


if __name__ == "__main__":
    main()
