"""Two hosts: each service dies in turn, one is refused by its database, then a host dies with its Postgres. The other takes over; nothing is lost."""
import os
import pathlib
import random
import signal
import sys
import time
import unittest

from hosts import SERVICES, TwoHosts, eventually, why_not

from ledger import Load, faults

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
import page  # noqa: E402
from conditions import Conditions  # noqa: E402

ROUNDS = 3  # of the death of a host: much depends on what was under way in that moment
MEASURED = {}  # {what happened: [(seconds until answered, until read)]}


class Hosts(unittest.TestCase):
    def setUp(self):
        reason = why_not()
        if reason is not None:
            self.skipTest(reason)

    def begin(self, hosts):
        self.stack = hosts
        self.load = Load(self.stack, "load", random.Random(7), at_once=2)
        self.load.start()
        eventually(lambda: len(self.load.answers) > 20, what="answers")

    def number(self, sql):
        return int(self.stack.psql(sql))

    def read_to(self, reader, stream):
        """The reader has come as far as the stream is long just now."""
        head = self.number(f"SELECT last_seq FROM {stream}.stream_head")
        eventually(lambda: self.number(f"SELECT seq FROM {reader}.position WHERE stream = '{stream}'") >= head, 60,
                   f"{reader} up to date")

    def measure(self, words, happens, asked=True):
        """How long nothing was answered, where it is asked who died, and nothing new reached the tables of those who read."""
        known, began = len(self.load.answers), time.monotonic()
        happens()
        eventually(lambda: len(self.load.answers) > known + 10, 60, "answers again")
        answered = time.monotonic() - began
        for reader, stream in (("sink", "source"), ("relay", "source"), ("sink", "relay")):
            self.read_to(reader, stream)
        read = time.monotonic() - began
        MEASURED.setdefault(words, []).append((answered if asked else None, read))
        print(f"\n  {words}: answered after {answered:.1f} s, read to the end after {read:.1f} s", end="", flush=True)

    def balanced(self):
        self.load.end()
        for name in SERVICES:
            self.stack.wait_ready(name, 60)
        self.stack.settled(60)
        self.assertEqual((faults(self.stack), self.load.broken_promises(self.stack)), ({}, []))

    def test_a_service_dies(self):
        with TwoHosts() as hosts:
            self.begin(hosts)
            for name in SERVICES:
                def die():
                    self.stack.kill(name, signal.SIGKILL)
                    self.stack.take_over(name)
                self.measure(f"{name} killed, its standby on the other host", die, asked=name == "source")
            self.balanced()

    def test_a_service_loses_its_database_and_lives(self):
        with TwoHosts() as hosts:
            self.begin(hosts)
            before = self.stack.processes["source"]

            self.stack.pg_a.refuse("source", self.stack.a)

            def put_out():
                self.stack.pg_a.put_out("source", self.stack.a)
                self.stack.take_over("source")
            self.measure("source refused by its database, its standby not", put_out)
            self.assertIsNone(before.poll())
            before.kill()  # it would answer who asks how far all is
            before.wait(20)
            self.balanced()

    def test_a_host_dies_with_its_database(self):
        def die():
            self.stack.a.die()
            self.stack.pg_b.psql("ALTER SYSTEM SET synchronous_standby_names = ''")
            self.stack.pg_b.promote()
            self.stack.postgres = self.stack.pg_b
            for name in SERVICES:
                self.stack.take_over(name)
        for _ in range(ROUNDS):
            with TwoHosts() as hosts:
                self.begin(hosts)
                self.measure("a host cut off, the other's database promoted at once", die)
                self.balanced()


def told(rounds):
    """A cell: a figure for each round, of what was measured."""
    return ", ".join(f"{seconds:.1f}" for seconds in rounds if seconds is not None)


def write(folder, how):
    page.put(pathlib.Path(folder) / "faults.md", "\n".join([
        "| what happened | answered after, s | read to the end after, s |", "|---|---:|---:|",
        *(f"| {words} | " + " | ".join(told(each) for each in zip(*rounds)) + " |"
          for words, rounds in MEASURED.items()), "",
        "- the ledger balances after each: lost, doubled, reordered, causally inverted and stuck are all 0", "", how]),
             "figures of the standby")


if __name__ == "__main__":
    conditions = Conditions()
    passed = unittest.main(exit=False).result.wasSuccessful()
    if passed and MEASURED and "FAULTS_OUT" in os.environ:
        write(os.environ["FAULTS_OUT"], f"`make standby`; {conditions.tell()}")
    sys.exit(not passed)
