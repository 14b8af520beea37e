"""Thousands of events while services are killed and paused and the database loses its sessions and its life.
Afterwards nothing may be lost, doubled, out of order or stuck. Run alone: --seed N --seconds N repeat or prolong it."""
import argparse
import os
import random
import signal
import subprocess
import sys
import time
import unittest

from ledger import PROGRAMS, SERVICES, Load, MiniStack, faults
from waiting import eventually

SECONDS = float(os.environ.get("LEDGER_SECONDS", "30"))
SEED = int(os.environ.get("LEDGER_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)
YOUNG = 2  # seconds in which a process may not have come to the point where it hears SIGTERM: it just ends


def fell_back(stack, name):
    """Whether the service ended since a crash of the database lost turns that it had not written: it begins anew then."""
    return "the database went back from turn" in stack.log_tail(name, 3)


class Trouble:
    """One kind of trouble after the other, by a seeded choice."""

    KINDS = (("kill", 8), ("pause", 4), ("backend", 6), ("crash", 1), ("terminate", 3), ("database", 1))

    def __init__(self, stack, chance):
        self.stack, self.chance = stack, chance
        self.done = dict.fromkeys((kind for kind, _ in self.KINDS), 0)
        self.ended = []
        self.mortal = stack.services

    def revive(self):
        for name, process in list(self.stack.processes.items()):
            if process.poll() is not None:
                if not fell_back(self.stack, name):
                    self.ended.append(f"{name} ended with {process.returncode}: {self.stack.log_tail(name, 3)}")
                self.stack.start(name)

    def kill(self):
        for name in self.chance.sample(self.mortal, self.chance.choice((1, 1, 1, 2, 3))):
            self.stack.kill(name)
            self.stack.start(name)

    def pause(self):
        process = self.stack.processes[self.chance.choice(self.stack.services)]
        process.send_signal(signal.SIGSTOP)
        time.sleep(self.chance.uniform(0.05, 1.5))
        process.send_signal(signal.SIGCONT)

    def backend(self):
        self.stack.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = "
                        f"'{self.chance.choice(self.stack.services)}'")

    def crash(self):
        """kill -9 of a session of Postgres, which then ends all others and recovers."""
        pids = self.stack.psql("SELECT pid FROM pg_stat_activity WHERE usename = "
                               f"'{self.chance.choice(self.stack.services)}'")
        if pids:
            killed = self.chance.choice(pids.split())
            os.kill(int(killed), signal.SIGKILL)
            # Until Postgres has noticed it goes on answering, and lists the dead session.
            eventually(lambda: killed not in self.stack.psql("SELECT pid FROM pg_stat_activity").split(), what="Postgres")

    def terminate(self):
        name = self.chance.choice(self.mortal)
        young = time.monotonic() - self.stack.started[name] < YOUNG
        code = self.stack.kill(name, signal.SIGTERM)
        if code != 0 and not (young and code == -signal.SIGTERM) and not fell_back(self.stack, name):
            self.ended.append(f"{name} ended with {code} on SIGTERM: {self.stack.log_tail(name, 3)}")
        self.stack.start(name)

    def database(self):
        self.stack.postgres.stop(signal.SIGQUIT)
        time.sleep(self.chance.uniform(0, 1))
        self.stack.postgres.start()

    def once(self):
        kind = self.chance.choices([k for k, _ in self.KINDS], [w for _, w in self.KINDS])[0]
        getattr(self, kind)()
        self.done[kind] += 1
        time.sleep(self.chance.uniform(0, 0.6))
        self.revive()


class Fire(unittest.TestCase):
    def test_the_ledger_balances(self):
        print(f"\n  seed {SEED}, {SECONDS:.0f} s; again with: LEDGER_SEED={SEED}", flush=True)
        with MiniStack(SERVICES, PROGRAMS) as stack:
            loads = [Load(stack, f"load{i}", random.Random(SEED + i)) for i in (1, 2)]
            trouble = Trouble(stack, random.Random(SEED))
            for load in loads:
                load.start()
            until = time.monotonic() + SECONDS
            while time.monotonic() < until:
                trouble.once()
            for load in loads:
                load.end()
            trouble.revive()
            stuck = self.settle(stack)
            found = faults(stack)
            promises = [fault for load in loads for fault in load.broken_promises(stack)]
            events = int(stack.psql("SELECT count(*) FROM sink.ledger"))
            commands = sum(len(load.answers) for load in loads)
            print(f"  {events} events, {commands} commands answered, {sum(load.repeats for load in loads)} repeated; "
                  + ", ".join(f"{kind} {n}" for kind, n in trouble.done.items()), flush=True)
            logs = "" if not (stuck or found or promises or trouble.ended) else self.logs(stack)
        self.assertEqual((stuck, found, promises, trouble.ended), (None, {}, [], []), logs)
        self.assertGreater(events, 1000)

    @staticmethod
    def settle(stack):
        """Waits until nothing moves any more; what it waited for in vain, or None."""
        try:
            for name in SERVICES:
                stack.wait_ready(name)
            stack.settled(60)
            # Timers and effects that are under way say more.
            until = time.monotonic() + 15
            while stack.psql("SELECT (SELECT count(*) FROM relay.timer) + (SELECT count(*) FROM relay.effect)") != "0":
                if time.monotonic() > until:
                    return "timers or effects"
                time.sleep(0.1)
            stack.settled(60)
        except (TimeoutError, RuntimeError) as error:
            return str(error)
        return None

    @staticmethod
    def logs(stack):
        keep = f"/tmp/ledger-{SEED}"
        os.makedirs(keep, exist_ok=True)
        subprocess.run(["sh", "-c", f"cp {stack.folder}/*.log {keep}"], check=False)
        return f"seed {SEED}; the logs are in {keep}"


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=SEED)
    arguments.add_argument("--seconds", type=float, default=SECONDS)
    given, rest = arguments.parse_known_args()
    SEED, SECONDS = given.seed, given.seconds
    unittest.main(argv=sys.argv[:1] + rest)
