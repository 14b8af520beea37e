"""The real stack in a storm: killed and stopped at every step of the loop, of catch-up and of parking; frames dropped,
doubled, delayed, reordered and cut on their way; connections cut and half open; Postgres killed, its sessions ended,
refused, its disk full. Afterwards the ledger must balance, and memory and descriptors must not have grown.

    storm.py [--seed N] [--seconds N] [--out FOLDER]     most of the time with kills, the rest without
"""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import shutil
import signal
import statistics
import sys
import time

import report
from stack import SERVICES, FaultStack

from conditions import Conditions

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "ledger"))
from ledger import Load, faults  # noqa: E402
from ledger_test import YOUNG, Fire, fell_back  # noqa: E402
from trouble import Trouble  # noqa: E402
from waiting import eventually  # noqa: E402

RESIDENT_GROWTH_KB, DESCRIPTORS_GROWTH = 16384, 4  # the window of one followed stream may hold as much
LONG_S = 300       # a storm that lasts so long has to come to every labelled place
REST_S = 0.25      # between two kinds of trouble
EVENTS_A_SECOND = 20  # that have to be handled all the while, or the storm has met nobody at work
KILLS_A_MINUTE = 100   # of the whole run
KILLING = 0.85         # of the time; the rest of it has no kills
EXPECTED = ("given up after", "is poison", "not now")  # why a letter may be parked


class Storm:
    def __init__(self, stack, trouble, seconds):
        self.stack, self.trouble, self.seconds = stack, trouble, seconds
        self.kills, self.killed_at, self.wrong = collections.Counter(), [], []
        self.resume = {}

    # ---- the course of it

    def wake(self):
        """What has stopped goes on after a while, now and then when its lease is long over."""
        now = time.monotonic()
        for name in self.stack.stopped():
            pid = self.stack.processes[name].pid
            if pid not in self.resume:
                self.stack.places.note(self.stack.log_end(name), "STOP")
                self.resume[pid] = now + self.stack.chance.choice((0.3, 0.5, 1, 7)) * self.stack.chance.random()
            elif now >= self.resume[pid]:
                self.resume.pop(pid)
                self.stack.go_on(name)

    def revive(self):
        """Kills whose time has come, and starts who is dead."""
        for name, process in list(self.stack.processes.items()):
            if process.poll() is None and process.pid not in self.resume and self.stack.doomed(process):
                process.kill()
                process.wait()
            code = process.poll()
            if code is None:
                continue
            if code == -signal.SIGKILL:
                at_place = self.stack.places.note(self.stack.log_end(name), "KILL")
                self.note_kill("at a place" if at_place else "anywhere")
            elif code == -signal.SIGABRT and name == "sink" and self.trouble.deadly:
                self.note_kill("by a message")
            elif not fell_back(self.stack, name) and (process.pid not in self.trouble.terminated or not (
                    code == 0 or (code == -signal.SIGTERM and time.monotonic() - self.stack.started[name] < YOUNG))):
                self.wrong.append(f"{name} ended with {code}: {self.stack.log_tail(name, 3)}")
            self.stack.start(name)

    def note_kill(self, where):
        self.kills[where] += 1
        self.killed_at.append(time.time() - self.stack.began)

    def blow(self, kinds, seconds, rest, progress):
        """Trouble, one kind after the other, while what is killed or stopped is started again."""
        with concurrent.futures.ThreadPoolExecutor(1) as beside:
            trouble = beside.submit(self.trouble.go_on, kinds, seconds, rest)
            while not trouble.done():
                self.wake()
                self.revive()
                progress()
                time.sleep(0.01)
            trouble.result()
        for name in self.stack.stopped():  # whoever was stopped last
            self.resume.pop(self.stack.processes[name].pid, None)
            self.stack.go_on(name)

    def calm(self):
        """The frames pass again, nothing is armed, everybody runs."""
        self.stack.armed = False
        for name in self.stack.proxies:
            for edge in range(2 if name == "source" else 1):
                proxy = self.stack.proxies[name]
                proxy.stdin.write(f'{{"edge": {edge}, "rates": {{}}, "deaf": 0}}\n')
                proxy.stdin.flush()
        for name in SERVICES:
            self.stack.kill(name)
            self.stack.start(name)

    def mend(self):
        """Nothing is poisonous any more; an operator has tried again whatever was parked for a reason that is known."""
        self.stack.client.forget("sink")
        for name in SERVICES:
            self.stack.wait_ready(name, 60)
            for cause in self.stack.psql(f"SELECT DISTINCT error FROM {name}.dead_letter WHERE state = 'parked'").splitlines():
                if not any(words in cause for words in EXPECTED):
                    self.wrong.append(f"{name} parked something: {cause}")
            left = self.stack.psql(f"SELECT count(*), (SELECT count(*) FROM {name}.was_parked) FROM {name}.dead_letter")
            print("  {}: {} letters to be tried again, of {} in all".format(name, *left.split("|")), flush=True)
        while self.trouble.poisoned:
            self.trouble.operator()
        for name in SERVICES:
            eventually(lambda: self.tried_again(name), 300, f"{name}'s letters handled")

    def tried_again(self, name):
        if self.stack.psql(f"SELECT count(*) FROM {name}.dead_letter") == "0":
            return True
        self.stack.client.admin(name, "ADMIN", {"op": "dead-retry", "all": True}, seconds=60)
        return False


class Samples:
    """What the processes hold, every half second."""

    def __init__(self, stack):
        self.stack, self.taken, self.next = stack, [], 0.0
        self.grown = {}  # {service: (kB and descriptors, the same later)}

    def take(self):
        if time.monotonic() >= self.next and all(one.poll() is None for one in self.stack.processes.values()):
            self.next = time.monotonic() + 0.5
            self.taken.append(self.stack.held())

    def growth(self):
        """What grew between the second and the last third: [text]."""
        third, found = len(self.taken) // 3, []
        if third < 3:
            return ["too few samples to tell whether memory grew"]
        for name in SERVICES:
            first, last = ([statistics.median(one[name][i] for one in part) for i in (0, 1)]
                           for part in (self.taken[third:2 * third], self.taken[-third:]))
            self.grown[name] = first, last
            if last[0] > first[0] + RESIDENT_GROWTH_KB or last[1] > first[1] + DESCRIPTORS_GROWTH:
                found.append(f"{name} holds more and more")
        return found


class Trickle(Load):
    """A steady load that leaves the machine to the trouble, and soon asks again."""

    PATIENCE_MS = 250

    def make(self):
        time.sleep(0.05)
        return super().make()


class Progress:
    def __init__(self, storm, seconds):
        self.storm, self.began, self.seconds, self.shown = storm, time.monotonic(), seconds, -1

    def __call__(self):
        passed = int(time.monotonic() - self.began)
        if sys.stdout.isatty() and passed != self.shown:
            self.shown = passed
            print(f"\r  {passed:4} of {self.seconds:.0f} s, {self.storm.kills.total()} kills", end="", flush=True)


def keep_logs(stack, seed):
    keep = pathlib.Path(f"/tmp/storm-{seed}")
    keep.mkdir(exist_ok=True)
    for log in stack.folder.glob("*.log"):
        shutil.copy(log, keep)
    print(f"  the logs are in {keep}")


class Phases:
    """How long each part of a run took."""

    def __init__(self):
        self.since, self.told = time.monotonic(), []

    def over(self, what):
        now = time.monotonic()
        self.told.append(f"{what} {now - self.since:.0f} s")
        self.since = now


def weather(stack, storm, seed, seconds):
    """The storm, and a while without kills: the loads, samples of what is held, and the events handled amid the kills."""
    stormy, progress = KILLING * seconds, Progress(storm, seconds)
    loads = [Trickle(stack, f"load{i}", random.Random(seed + i)) for i in (1, 2)]
    for load in loads:
        load.start()
    stack.armed = True
    for name in SERVICES:
        stack.kill(name)
        stack.start(name)
    storm.blow(Trouble.KINDS, stormy, REST_S, progress)
    in_the_storm = int(stack.psql("SELECT count(*) FROM sink.ledger"))
    storm.calm()
    samples = Samples(stack)
    storm.blow(Trouble.MILD, seconds - stormy, 1, lambda: (progress(), samples.take()))
    for load in loads:
        load.end()
    storm.calm()
    return loads, samples, in_the_storm


def judge(stack, storm, loads, samples, in_the_storm, seconds):
    """What is wrong: [text]."""
    stuck = Fire.settle(stack)
    wrong = [*([f"stuck: {stuck}"] if stuck else []), *(f"{what}: {n}" for what, n in faults(stack, parking=True).items())]
    for load in loads:
        wrong += load.broken_promises(stack)[:20]
    wrong += [*storm.wrong[:20], *samples.growth()]
    if in_the_storm < EVENTS_A_SECOND * KILLING * seconds:
        wrong.append(f"only {in_the_storm} events were handled in the storm")
    missed = stack.places.missed()
    if seconds < LONG_S:
        print("  too short to come to all places, and not judged by it: " + (", ".join(missed) or "though it did"))
        return wrong
    if storm.kills.total() < KILLS_A_MINUTE * seconds / 60:
        wrong.append(f"only {storm.kills.total()} kills")
    return [*wrong, *(f"never: {at}" for at in missed),
            *(f"never: {words}" for words, n, _ in report.rows(stack, storm) if n == 0)]


def run(seed, seconds, out):
    print(f"  seed {seed}, {seconds:.0f} s; again with: --seed {seed}", flush=True)
    chance, phases, conditions = random.Random(seed), Phases(), Conditions()
    with FaultStack(chance) as stack:
        phases.over("started in")
        if not stack.mounted:
            print("  the full disk is left out: no file system of its own can be mounted here", flush=True)
        storm = Storm(stack, Trouble(stack, chance), seconds)
        loads, samples, in_the_storm = weather(stack, storm, seed, seconds)
        phases.over("storm")
        storm.mend()
        phases.over("letters tried again")
        wrong = judge(stack, storm, loads, samples, in_the_storm, seconds)
        phases.over("ledger counted")
        stack.proxies_end()
        told = [*report.tell(stack, storm, loads, samples, KILLING * seconds), f"the ledger: {len(wrong)} faults" if wrong else
                "the ledger balances: lost, doubled, reordered, causally inverted and stuck are all 0"]
        table = [*report.rows(stack, storm)]
        if out:
            report.write(out, stack, storm, told, table,
                         f"`make faults FAULT_SECONDS={seconds:.0f}`, seed {seed}; {conditions.tell()}")
        if wrong:
            keep_logs(stack, seed)
    for words, n, note in table:
        print(f"  {n:6,}  {words}" + (f" ({note})" if note else ""))
    print(f"  killed/stopped at {stack.places.told()}")
    print("  " + ", ".join(phases.told))
    for line in (*(f"FAULT {fault}" for fault in wrong), *told):
        print(f"  {line}")
    return not wrong


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 1 << 31))
    arguments.add_argument("--seconds", type=float, default=float(os.environ.get("FAULT_SECONDS", "60")))
    arguments.add_argument("--out", help="the folder of faults.md and faults.svg")
    given = arguments.parse_args()
    sys.exit(0 if run(given.seed, given.seconds, given.out) else 1)
