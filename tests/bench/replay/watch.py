"""Looks at a stack while a log is replayed into it: what it has cost by then, and how much memory its services have."""
import bisect
import json
import pathlib
import re
import subprocess
import threading

from replayed import KOPPEL, costs, processes

SERVICES = ("gateway", "registry", "matching", "scheduling", "notifications", "reporting")
EVERY_S = 2
PARTS = 10


def said(stack):
    shown = subprocess.run([KOPPEL, "status", "--json", "--dir", stack], stdout=subprocess.PIPE, text=True).stdout
    return sum(service["head"] for service in json.loads(shown)["services"])


def memory_of(stack, name):
    pid = (stack / f"run/{name}.pid").read_text().split()[0]
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


class Watch:
    def __init__(self, stack):
        self.stack, self.processes = stack, {}
        self.said, self.costs_by_then, self.memory_by_then = [], [], []
        self.done, self.thread = threading.Event(), threading.Thread(target=self.run)

    def look(self):
        self.processes.update(processes(self.stack))  # what has ended keeps what it cost
        self.said.append(said(self.stack))
        self.costs_by_then.append(costs(self.processes))
        self.memory_by_then.append({name: memory_of(self.stack, name) for name in SERVICES})

    def run(self):
        while not self.done.wait(EVERY_S):
            self.look()

    def __enter__(self):
        self.look()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()
        self.look()

    def spent(self):
        return self.costs_by_then[-1]

    def spent_by(self, events, what):
        """Seconds that it had cost when so many events were said, as if evenly between two looks."""
        i = min(max(bisect.bisect_left(self.said, events), 1), len(self.said) - 1)
        before, after = (self.costs_by_then[k].get(what, 0) for k in (i - 1, i))
        step = self.said[i] - self.said[i - 1]
        return before + (after - before) * ((events - self.said[i - 1]) / step if step else 1)

    def costs(self):
        """Processor time: in all, and a said event's in each tenth of them, so that what grows on the way is seen."""
        marks = [self.said[0] + (self.said[-1] - self.said[0]) * k / PARTS for k in range(PARTS + 1)]
        rows = {what: [seconds] + [(self.spent_by(b, what) - self.spent_by(a, what)) / (b - a) * 1e6
                                   for a, b in zip(marks, marks[1:])] for what, seconds in self.spent().items()}
        rows["all", ""] = [sum(column) for column in zip(*rows.values())]
        lines = ["| | | CPU seconds | µs an event, by tenths of what was said: 1 | "
                 + " | ".join(f"{k}" for k in range(2, PARTS + 1)) + " |", "|---|---|---|" + "---|" * PARTS]
        for who, part in sorted(rows, key=rows.get, reverse=True):
            lines.append(f"| {who} | {part} | " + " | ".join(f"{figure:.1f}" for figure in rows[who, part]) + " |")
        return "\n".join(lines)

    def memory(self):
        lines = ["| MB of memory | after a tenth | a half | all of the way |", "|---|---|---|---|"]
        for name in SERVICES:
            at = [self.memory_by_then[int((len(self.said) - 1) * part)][name] for part in (0.1, 0.5, 1)]
            lines.append(f"| {name} | " + " | ".join(f"{mb:.0f}" for mb in at) + " |")
        return "\n".join(lines)
