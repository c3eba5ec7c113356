#!/usr/bin/env python3
"""The critical path of an upload, computed from the protocol alone: which answer
is needed to make which call, or to know that it is wanted. Nothing here looks at what the agent really did.

    graph = first_upload(report)                    # or second_execution, repeat
    path = graph.path(latency_s=0.1, job_s=1, slots=4)
    path.seconds, path.text()

A call takes one latency. A job begins when its POST comes in, one at a time and in their order, as in the
sandbox; its poll needs the POST's answer (the job's id) and the job's end. The only wait is the one that the
protocol asks for, before the list of claims is believed. The back-off of the polls, connections, the
agent's own work and the start of its process are not in the path: they are what the bound leaves room for.

Without slots as many calls as there are go side by side: the longest chain of answers that need each other.
With slots (--parallel) calls wait for one another as well; of those that could go the one with the longest
way before it goes first.

Run by itself this prints the graphs, each edge with its reason.
"""
import math
from dataclasses import dataclass, field

CLAIM_WAIT_S = 0.250
PAGE = 999


@dataclass
class Report:
    """suites of the same cases; those lie in folders below the root module, or in it when there are none."""
    cases: int
    suites: int
    folders: int
    batch: int = 500

    @property
    def results(self):
        return self.cases * self.suites


@dataclass
class Need:
    call: "Call"
    reason: str
    wait_s: float = 0
    from_start: bool = False  # of the call that is needed, not from its end


@dataclass
class Call:
    name: str
    group: str  # what the path calls it: calls of a kind stand in it as one
    kind: str = "call"  # or job: takes no slot, runs in the server
    needs: list = field(default_factory=list)


@dataclass
class Planned:
    call: Call
    ready: float
    start: float
    end: float
    cause: "Planned"  # what it waited for last
    wait_s: float  # and the wait after that


class Path:
    def __init__(self, last):
        self.seconds = last.end if last else 0
        self.chain = []
        while last:
            self.chain.insert(0, last)
            last = last.cause

    def requests(self):
        return sum(step.call.kind == "call" for step in self.chain)

    def text(self):
        words = []  # [word, how often]
        for step in self.chain:
            if step.wait_s:
                words.append([f"wait {step.wait_s * 1000:.0f} ms", 1])
            if words and words[-1][0] == step.call.group:
                words[-1][1] += 1
            else:
                words.append([step.call.group, 1])
        return " > ".join(word if count == 1 else f"{count} x {word}" for word, count in words)


class Graph:
    """Calls in an order in which each stands behind those that it needs."""

    def __init__(self, name):
        self.name = name
        self.calls = []

    def add(self, name, needs, group=None, kind="call"):
        call = Call(name, group or name, kind, list(needs))
        self.calls.append(call)
        return call

    def count_calls(self):
        """All but polls, as the budgets of the design count."""
        return sum(call.kind == "call" and call.group != "poll" for call in self.calls)

    def _tails(self, seconds_of):
        """How long it takes from the start of each call to the end of all, by id."""
        tail = {id(call): seconds_of(call) for call in self.calls}
        for call in reversed(self.calls):
            for need in call.needs:
                own = 0 if need.from_start else seconds_of(need.call)
                tail[id(need.call)] = max(tail[id(need.call)], own + need.wait_s + tail[id(call)])
        return tail

    def path(self, latency_s, job_s, slots=None):
        def seconds_of(call):
            return job_s if call.kind == "job" else latency_s
        tails = self._tails(seconds_of)
        planned = {}
        free = {"job": [None], "call": [None] * (slots or len(self.calls))}  # who held each slot last
        waiting = list(self.calls)
        while waiting:
            able = [plan_next(call, planned, free[call.kind]) for call in waiting
                    if all(id(need.call) in planned for need in call.needs)]
            step = min(able, key=lambda p: (p.start, p.ready if p.call.kind == "job" else -tails[id(p.call)]))
            step.end = step.start + seconds_of(step.call)
            give_slot(free[step.call.kind], step)
            planned[id(step.call)] = step
            waiting.remove(step.call)
        return Path(max(planned.values(), key=lambda p: p.end, default=None))

    def print(self):
        print(f"{self.name}: {self.count_calls()} calls and polls")
        for call in self.calls:
            print(f"  {call.name}")
            for need in call.needs:
                wait = f", {need.wait_s * 1000:.0f} ms later" if need.wait_s else ""
                print(f"      needs {need.call.name}{wait}: {need.reason}")


def end_of(step):
    return step.end if step else 0.0


def plan_next(call, planned, holders):
    """When this call could go: behind what it needs, and in the slot that is free first."""
    ready, cause, wait_s = 0.0, None, 0
    for need in call.needs:
        before = planned[id(need.call)]
        at = (before.start if need.from_start else before.end) + need.wait_s
        if at > ready:
            ready, cause, wait_s = at, before, need.wait_s
    holder = min(holders, key=end_of)
    if end_of(holder) > ready:
        return Planned(call, ready, holder.end, 0, holder, 0)
    return Planned(call, ready, ready, 0, cause, wait_s)


def give_slot(holders, step):
    """The slot that was free last of those that are free: so the others stay as early as they are."""
    fitting = [number for number, holder in enumerate(holders) if end_of(holder) <= step.start]
    holders[max(fitting, key=lambda number: end_of(holders[number]))] = step


def needs(calls, reason):
    return [Need(call, reason) for call in calls]


def search_pages(graph, what, hits, before):
    """A search and its further pages, which its first answer tells of."""
    first = graph.add(f"{what} search", before)
    pages = [graph.add(f"{what} search, page {page}", needs([first], "its total tells how many pages there are"))
             for page in range(2, math.ceil(hits / PAGE) + 1)]
    return [first, *pages]


def project(graph):
    return graph.add("project", [])


def observe(graph, report, before, present, logs):
    """Side by side: the cycle with its suites, the known cases, the logs of this execution."""
    cycle = [graph.add("cycle search", before)]
    if present:
        cycle.append(graph.add("cycle with suites", needs(cycle, "the cycle's id")))
    cases = search_pages(graph, "case", report.cases if present else 0, before)
    return cycle, cases, search_pages(graph, "log", logs, before)


def claim(graph, observed):
    made = graph.add("claim", needs(observed, "is anything missing? What is there claims nothing"))
    wait = Need(made, "claims made before it may show up later than it: the lowest id goes", CLAIM_WAIT_S)
    return graph.add("list of claims", [wait])


def submit(graph, name, before):
    """A POST and its job; returns the poll that sees its end."""
    post = graph.add(f"POST {name}", before, group="POST")
    job = graph.add(f"job of {name}", [Need(post, "it is queued when its POST comes in", from_start=True)], "job", "job")
    return graph.add(f"poll of {name}", [Need(post, "the job's id"), Need(job, "its end and totals")], "poll")


def give_back(graph, polls):
    graph.add("unclaim", needs(polls, "all that was sent is in, so that others may go"))


def make_modules(graph, report, before):
    root = graph.add("root module", before, group="module")
    parent = needs([root], "the parent's id, level by level")
    return [graph.add(f"module {number + 1}", parent, group="module") for number in range(report.folders)] or [root]


def new_cases(graph, report, suite, modules, before):
    """Polls by module: the cases lie in the modules by turns."""
    polls = []
    for number, module in enumerate(modules):
        cases = len(range(number, report.cases, len(modules)))
        where = before + needs([module], "parent_module, its id") + needs([suite], "the suite's id")
        polls.append([submit(graph, f"new cases {number + 1}.{part + 1}", where)
                      for part in range(math.ceil(cases / report.batch))])
    return polls


def known_cases(graph, report, suite, number, before, makers=()):
    """One stream of batches; makers: polls of what makes the cases, by module."""
    for part in range(math.ceil(report.cases / report.batch)):
        cases = range(part * report.batch, min((part + 1) * report.batch, report.cases))
        touched = sorted({case % len(makers) for case in cases}) if makers else []
        wait = [poll for module in touched for poll in makers[module]]
        yield submit(graph, f"suite {number + 1}, batch {part + 1}", before + needs([suite], "the suite's id") +
                     needs(wait, "a case that is still being made waits for that job"))


def first_upload(report):
    graph = Graph("first upload into an empty project")
    in_path = needs([project(graph)], "its id stands in every path; automation must be on")
    cycle, cases, logs = observe(graph, report, in_path, False, 0)
    won = needs([claim(graph, cycle + cases + logs)], "the right to go first")
    cycle, cases, logs = observe(graph, report, won, False, 0)
    absent = [graph.add("list of cycles", won)]
    tree = [graph.add("list of modules", won)]
    made = graph.add("cycle", needs(cycle + absent, "its absence, which only a list proves"))
    modules = make_modules(graph, report, needs(tree + cases, "its absence, and where its known cases are"))
    suites = [graph.add(f"suite {number + 1}", needs([made], "the cycle's id"), group="suite")
              for number in range(report.suites)]
    missing = needs(cases + logs, "what is missing")
    makers = new_cases(graph, report, suites[0], modules, missing)
    polls = [poll for of_module in makers for poll in of_module]
    for number, suite in enumerate(suites[1:], 1):
        polls += known_cases(graph, report, suite, number, missing, makers)
    give_back(graph, polls)
    return graph


def second_execution(report):
    graph = Graph("second execution of the same tests")
    in_path = needs([project(graph)], "its id stands in every path; automation must be on")
    cycle, cases, logs = observe(graph, report, in_path, True, 0)
    won = needs([claim(graph, cycle + cases + logs)], "the right to go first")
    again = search_pages(graph, "log", 0, won)
    polls = []
    for number in range(report.suites):
        runs = [graph.add(f"runs of suite {number + 1}, page 1", won, group="list of runs")]
        for page in range(2, math.ceil(report.cases / PAGE) + 1):  # a list tells no total: page after page
            runs.append(graph.add(f"runs of suite {number + 1}, page {page}", needs(runs[-1:], "the page before is full"),
                                  group="list of runs"))
        missing = needs(again, "what is missing") + needs(runs, "its absence: the runs' newest logs")
        polls += known_cases(graph, report, cycle[-1], number, missing)
    give_back(graph, polls)
    return graph


def repeat(report):
    graph = Graph("repeat of an upload that is in")
    in_path = needs([project(graph)], "its id stands in every path; automation must be on")
    cycle, cases, logs = observe(graph, report, in_path, True, report.results)
    graph.add("list of claims", needs(cycle + cases + logs, "asked only when all is present, for claims of the dead"))
    return graph


def main():
    for make in (first_upload, second_execution, repeat):
        graph = make(Report(cases=334, suites=3, folders=2))
        graph.print()
        path = graph.path(latency_s=0.1, job_s=0)
        print(f"  path at 100 ms: {path.seconds:.2f} s = {path.text()}\n")


if __name__ == "__main__":
    main()
