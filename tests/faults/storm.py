"""The real stack in a storm: killed and stopped at every step of the loop, of catch-up and of parking; frames dropped,
doubled, delayed, reordered and cut on their way; connections cut and half open; Postgres killed, its sessions ended,
refused, its disk full. Afterwards the ledger must balance, and memory and descriptors must not have grown.

    storm.py [--seed N] [--seconds N]        four fifths of the time with kills, the rest without
"""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import re
import shutil
import signal
import statistics
import sys
import time

from stack import SERVICES, FaultStack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "ledger"))
from ledger import Load, faults  # noqa: E402
from ledger_test import Fire  # noqa: E402
from ministack import eventually  # noqa: E402

RATES = [{}, {"drop": 0.1}, {"twice": 0.2}, {"late": 0.1}, {"swap": 0.2}, {"cut": 0.05},
         {"drop": 0.05, "twice": 0.05, "late": 0.05, "swap": 0.05, "cut": 0.02}, {"drop": 1.0}]
RESIDENT_GROWTH_KB, DESCRIPTORS_GROWTH = 8192, 4


class Storm:
    KINDS = {"frames": 6, "deaf": 2, "rebind": 2, "reconnects": 1, "backend": 4, "refused": 1, "database": 1, "disk": 1,
             "asleep": 1, "terminate": 1}

    def __init__(self, stack, chance):
        self.stack, self.chance = stack, chance
        self.done, self.wrong = collections.Counter(), []
        self.resume, self.terminated = {}, set()

    # ---- kinds of trouble

    def frames(self):
        self.stack.order({"rates": self.chance.choice(RATES)})

    def deaf(self):
        self.stack.order({"deaf": self.chance.uniform(0.5, 6)})

    def rebind(self):
        self.stack.order({"rebind": 1})

    def reconnects(self):
        for _ in range(10):
            self.stack.order({"rebind": 1})
            time.sleep(0.05)

    def backend(self):
        self.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{self.chance.choice(SERVICES)}'")

    def refused(self):
        role = self.chance.choice(SERVICES)
        self.sql(f"ALTER ROLE {role} CONNECTION LIMIT 0")
        self.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'")
        time.sleep(self.chance.uniform(0.1, 2))
        self.sql(f"ALTER ROLE {role} CONNECTION LIMIT -1")

    def database(self):
        self.stack.postgres.stop(self.chance.choice((signal.SIGQUIT, signal.SIGINT)))
        time.sleep(self.chance.uniform(0, 1))
        self.stack.postgres.start()

    def disk(self):
        if not self.stack.mounted:
            return
        filler = self.stack.fill_disk()
        time.sleep(self.chance.uniform(0.2, 2))
        filler.unlink()
        self.stack.revive_postgres()

    def asleep(self):
        self.stack.processes[self.chance.choice(SERVICES)].send_signal(signal.SIGSTOP)

    def terminate(self):
        process = self.stack.processes[self.chance.choice(SERVICES)]
        self.terminated.add(process.pid)
        process.send_signal(signal.SIGTERM)

    def sql(self, text):
        try:
            self.stack.psql(text)
        except OSError as error:
            if "recovery" not in str(error) and "shutting down" not in str(error) and "connection" not in str(error):
                raise

    # ---- the course of it

    def revive(self):
        """Starts what a failpoint has killed, and wakes what it has stopped after a while."""
        now = time.monotonic()
        for name in self.stack.stopped():
            if now >= self.resume.setdefault(self.stack.processes[name].pid, now + self.chance.uniform(0.1, 7)):
                self.resume.pop(self.stack.processes[name].pid)
                self.stack.go_on(name)
        for name, process in list(self.stack.processes.items()):
            code = process.poll()
            if code is None:
                continue
            if code == -signal.SIGKILL:
                self.done["killed"] += 1
            elif code != 0 or process.pid not in self.terminated:
                self.wrong.append(f"{name} ended with {code}: {self.stack.log_tail(name, 3)}")
            self.stack.start(name)

    def trouble(self, kinds, until):
        while time.monotonic() < until:
            kind = self.chance.choices([*kinds], [*kinds.values()])[0]
            getattr(self, kind)()
            self.done[kind] += 1
            time.sleep(self.chance.uniform(0.2, 2))

    def blow(self, kinds, seconds, progress):
        """Trouble, one kind after the other, while what is killed or stopped is started again."""
        with concurrent.futures.ThreadPoolExecutor(1) as beside:
            trouble = beside.submit(self.trouble, kinds, time.monotonic() + seconds)
            while not trouble.done():
                self.revive()
                progress()
                time.sleep(0.02)
            trouble.result()

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
        """A message whose handling was killed more than five times running is parked, as it should be; after the storm an
        operator has it tried again."""
        for name in SERVICES:
            self.stack.wait_ready(name, 60)
            for letter in self.stack.client.admin(name, "ADMIN", {"op": "dead-list"})["dead"]:
                if letter["state"] == "parked":
                    self.done["parked"] += 1
                    if not letter["error"].startswith("given up"):
                        self.wrong.append(f"{name} parked {letter['type']}: {letter['error']}")
            self.stack.client.admin(name, "ADMIN", {"op": "dead-retry", "all": True}, seconds=60)
            eventually(lambda: not self.stack.client.admin(name, "ADMIN", {"op": "dead-list"})["dead"], 60, "letters handled")


class Samples:
    """What the processes hold, every half second."""

    def __init__(self, stack):
        self.stack, self.taken, self.next = stack, [], 0.0

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
            print(f"  {name}: {first[0]:.0f} kB and {first[1]:.0f} descriptors, later {last[0]:.0f} and {last[1]:.0f}")
            if last[0] > first[0] + RESIDENT_GROWTH_KB or last[1] > first[1] + DESCRIPTORS_GROWTH:
                found.append(f"{name} holds more and more")
        return found


class Trickle(Load):
    """A steady load that leaves the machine to the trouble."""

    def make(self):
        time.sleep(0.05)
        return super().make()


def places(stack):
    """How often each failpoint acted, from the logs: {place: times}."""
    return collections.Counter(place for name in SERVICES
                               for place in re.findall(r"^failpoint ([a-z-]+): ", (stack.folder / f"{name}.log").read_text(), re.M))


class Progress:
    def __init__(self, storm, seconds):
        self.storm, self.began, self.seconds, self.shown = storm, time.monotonic(), seconds, -1

    def __call__(self):
        passed = int(time.monotonic() - self.began)
        if sys.stdout.isatty() and passed != self.shown:
            self.shown = passed
            print(f"\r  {passed:4} of {self.seconds:.0f} s, {self.storm.done['killed']} kills", end="", flush=True)


def run(seed, seconds):
    print(f"  seed {seed}, {seconds:.0f} s; again with: --seed {seed}", flush=True)
    chance = random.Random(seed)
    with FaultStack(chance) as stack:
        if not stack.mounted:
            print("  the full disk is left out: no file system of its own can be mounted here", flush=True)
        storm = Storm(stack, chance)
        progress = Progress(storm, seconds)
        loads = [Trickle(stack, f"load{i}", random.Random(seed + i)) for i in (1, 2)]
        for load in loads:
            load.start()
        stack.armed = True
        for name in SERVICES:
            stack.kill(name)
            stack.start(name)
        storm.blow(Storm.KINDS, 0.8 * seconds, progress)
        storm.calm()
        samples = Samples(stack)
        storm.blow({kind: weight for kind, weight in Storm.KINDS.items() if kind != "terminate"}, 0.2 * seconds,
                   lambda: (progress(), samples.take()))
        for load in loads:
            load.end()
        storm.calm()
        storm.mend()
        stuck = Fire.settle(stack)
        found = faults(stack)
        promises = [fault for load in loads for fault in load.broken_promises(stack)]
        events = int(stack.psql("SELECT count(*) FROM sink.ledger"))
        acted = places(stack)
        print(f"\n  {events} events, {sum(len(load.answers) for load in loads)} commands answered, "
              f"{sum(load.repeats for load in loads)} repeated; {stack.starts} starts")
        print("  " + ", ".join(f"{kind} {n}" for kind, n in sorted(storm.done.items())))
        print("  acted at " + ", ".join(f"{place} {n}" for place, n in sorted(acted.items())), flush=True)
        faulty = [*([f"stuck: {stuck}"] if stuck else []), *(f"{what}: {n}" for what, n in found.items()), *promises[:20],
                  *storm.wrong[:20], *samples.growth()]
        if faulty:
            keep = pathlib.Path(f"/tmp/storm-{seed}")
            keep.mkdir(exist_ok=True)
            for log in stack.folder.glob("*.log"):
                shutil.copy(log, keep)
            print(f"  the logs are in {keep}")
    for fault in faulty:
        print(f"  FAULT {fault}")
    print("  the ledger balances" if not faulty else f"  {len(faulty)} faults")
    return not faulty


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 1 << 31))
    arguments.add_argument("--seconds", type=float, default=float(os.environ.get("FAULT_SECONDS", "60")))
    given = arguments.parse_args()
    sys.exit(0 if run(given.seed, given.seconds) else 1)
