"""Two hosts: a service that dies, and a host that dies with its Postgres. The other takes over; nothing is lost."""
import random
import signal
import time
import unittest

from hosts import SERVICES, TwoHosts, eventually, why_not

from ledger import Load, faults


class Hosts(unittest.TestCase):
    def setUp(self):
        reason = why_not()
        if reason is not None:
            self.skipTest(reason)
        self.stack = TwoHosts()
        self.stack.__enter__()
        self.addCleanup(self.stack.__exit__)
        self.load = Load(self.stack, "load", random.Random(7), at_once=2)
        self.load.start()
        eventually(lambda: len(self.load.answers) > 20, what="answers")

    def silence(self, what):
        """How long nothing was answered, and nothing new reached the sink's table, after `what` happened."""
        known = len(self.load.answers)
        began = time.monotonic()
        what()
        eventually(lambda: len(self.load.answers) > known + 10, 60, "answers again")
        answered = time.monotonic()
        heard = int(self.stack.psql("SELECT last_seq FROM source.stream_head"))
        eventually(lambda: int(self.stack.psql("SELECT seq FROM sink.position WHERE stream = 'source'")) >= heard, 60,
                   "the sink up to date")
        return f"{answered - began:.1f} s until answered, {time.monotonic() - began:.1f} s until read to the end"

    def balanced(self):
        self.load.end()
        for name in SERVICES:
            self.stack.wait_ready(name, 60)
        self.stack.settled(60)
        self.assertEqual((faults(self.stack), self.load.broken_promises(self.stack)), ({}, []))

    def test_a_service_dies(self):
        def die():
            self.stack.kill("source", signal.SIGKILL)
            self.stack.take_over("source")
        print(f"\n  a service killed, its standby on the other host: {self.silence(die)}", flush=True)
        self.balanced()

    def test_a_host_dies_with_its_database(self):
        def die():
            self.stack.a.die()
            self.stack.pg_b.psql("ALTER SYSTEM SET synchronous_standby_names = ''")
            self.stack.pg_b.promote()
            self.stack.postgres = self.stack.pg_b
            for name in SERVICES:
                self.stack.take_over(name)
        print(f"\n  a host cut off, the other's database promoted at once: {self.silence(die)}", flush=True)
        self.balanced()


if __name__ == "__main__":
    unittest.main()
