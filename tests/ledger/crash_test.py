"""Postgres dies with the newest turns of the sink in its memory alone: a turn that says nothing does not wait for the disk.
They are lost with their read positions, so the sink begins anew from where its tables are. Whatever was answered or
published stands, and in the end nothing is lost or doubled."""
import random
import signal
import unittest

import msgpack

import ledger_test
from ledger import PROGRAMS, SERVICES, Load, MiniStack, faults
from waiting import eventually

FALLS, CRASHES = 2, 60
LAZY = ["-c", "wal_writer_delay=10s"]  # rather than 200 ms: nothing comes to the disk unless somebody waits for it


class Crash(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(MiniStack(SERVICES, PROGRAMS, postgres=LAZY))

    def count(self, what):
        return int(self.stack.psql(f"SELECT {what}"))

    def crash(self):
        self.stack.postgres.stop(signal.SIGQUIT)
        self.stack.postgres.start()

    def begin_anew(self):
        """Starts those whom the crash cost turns; which these are."""
        ended = [name for name in SERVICES if self.stack.processes[name].poll() is not None]
        for name in ended:
            self.assertTrue(ledger_test.fell_back(self.stack, name), f"{name} ended: {self.stack.log_tail(name)}")
            self.assertEqual(self.stack.kill(name), 1)
            self.stack.start(name)
        return ended

    def go_on(self):
        """Until the sink hears more, or has ended and begun anew; whether it has."""
        before, sink = self.count("count(*) FROM sink.ledger"), self.stack.processes["sink"]
        eventually(lambda: sink.poll() is not None or self.count("count(*) FROM sink.ledger") > before,
                   what="the sink goes on, or has ended")
        return "sink" in self.begin_anew()

    def balance(self, loads=()):
        self.begin_anew()
        stuck, found = ledger_test.Fire.settle(self.stack), faults(self.stack)
        promises = [fault for load in loads for fault in load.broken_promises(self.stack)]
        self.assertEqual((stuck, found, promises), (None, {}, []))

    def emit(self):
        """One number; the reply, and the last event of the relay that was published because of it."""
        live = self.stack.client.follow("relay")
        self.assertTrue(live.poll(20000), "a beat: the relay has heard of us")
        heard = self.count("count(*) FROM sink.ledger")
        reply = self.stack.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": 1}, seconds=20)
        eventually(lambda: self.count("count(*) FROM sink.ledger") >= heard + 2, what="the number and its echo heard")
        told = 0
        while live.poll(0):
            told = max(told, msgpack.unpackb(live.recv_multipart()[1])["seq"])
        live.close()
        return reply["first"], told

    def test_what_was_answered_or_published_stands(self):
        fell = crashes = 0
        while fell < FALLS and crashes < CRASHES:
            crashes += 1
            for name in SERVICES:
                self.stack.wait_ready(name)
            number, told = self.emit()
            heard = self.count("count(*) FROM sink.ledger")
            self.crash()
            self.assertEqual(self.count(f"count(*) FROM source.emitted WHERE first = {number}"), 1, "it was answered")
            self.assertGreaterEqual(self.count("last_seq FROM relay.stream_head"), told, "it was published")
            if self.count("count(*) FROM sink.ledger") < heard:
                fell += 1
                eventually(lambda: self.stack.processes["sink"].poll() is not None, what="the sink knows")
            self.begin_anew()
        self.balance()
        self.assertEqual(fell, FALLS, "no crash lost a turn, so nothing was shown")

    def test_under_load_nothing_is_lost_or_doubled(self):
        loads = [Load(self.stack, f"load{i}", random.Random(i)) for i in (1, 2)]
        for load in loads:
            load.start()
        fell = crashes = 0
        while fell < FALLS and crashes < CRASHES:
            crashes += 1
            self.crash()
            fell += self.go_on()
        for load in loads:
            load.end()
        self.balance(loads)
        print(f"\n  {crashes} crashes, turns lost by {fell}; {self.count('count(*) FROM sink.ledger')} events", flush=True)
        self.assertEqual(fell, FALLS, "no crash lost a turn, so nothing was shown")


if __name__ == "__main__":
    unittest.main()
