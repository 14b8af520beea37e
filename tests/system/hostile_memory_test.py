"""Holders of good keys who would fill a service's memory by many messages of the form that it reads: it holds so much for each,
and others are served meanwhile. One message of many frames is not among them: ZeroMQ bounds their size, not their number."""
import os
import pathlib
import sys
import unittest
import uuid

import msgpack
import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402
from client import Client, Refused  # noqa: E402
from ministack import MiniStack  # noqa: E402
from waiting import eventually  # noqa: E402

PROGRAMS = {"till": BUILD / "bin/example-till", "stock": BUILD / "bin/example-stock"}
SALES = 3000  # a FETCH brings 2,000 of them, some 700 KiB
BIG = 250_000
GROWTH_MIB = 1024 if "ASAN_OPTIONS" in os.environ else 80  # a sanitizer keeps for a while what was freed


class HostileMemory(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(MiniStack(["till", "stock"], PROGRAMS))
        self.friend = self.stack.client
        self.enemy = Client(self.stack, "enemy", "peer")
        self.addCleanup(self.enemy.close)
        self.addCleanup(self.enemy.context.destroy, linger=0)

    def status(self, name, field):
        lines = pathlib.Path(f"/proc/{self.stack.processes[name].pid}/status").read_text().splitlines()
        line, = [line for line in lines if line.startswith(field + ":")]
        return int(line.split()[1]) // 1024

    def watch(self, name):
        """From now on its largest size counts."""
        pathlib.Path(f"/proc/{self.stack.processes[name].pid}/clear_refs").write_text("5")
        return self.status(name, "VmRSS")

    def assert_bounded(self, name, before):
        self.assertLess(self.status(name, "VmHWM") - before, GROWTH_MIB, f"MiB that {name} grew by")

    def sell(self, n=1):
        sock = self.friend.dealer("till")
        for _ in range(n):
            header = {"id": str(uuid.uuid4()), "source": "/t", "type": "koppel.till.sell.v1", "specversion": "1.0"}
            sock.send_multipart([b"", b"COMMAND", msgpack.packb(header), msgpack.packb({"article": "tea", "pieces": 1})])
        for _ in range(n):
            self.assertTrue(sock.poll(10_000))
            self.assertEqual(msgpack.unpackb(sock.recv_multipart()[2])["status"], "ok")

    def shelf(self):
        return self.friend.query("stock", "koppel.stock.shelf.v1", {"article": "tea"})["sales"]

    def served(self, what):
        """What was asked, as soon as it is answered: a service that is busy says so or is silent, and is asked again."""
        def answered():
            try:
                return what() or True
            except (Refused, TimeoutError):
                return None
        return eventually(answered, what="an answer to others")

    def test_answers_that_nobody_reads(self):
        """Each of them asks for all there is and reads nothing of it; a second connection with the same key is no other."""
        self.sell(SALES)
        before = self.watch("till")
        question = msgpack.packb({"req": 1, "after": 0})
        for _ in range(2):
            sock = self.enemy.secure(self.enemy.context.socket(zmq.DEALER), "till")
            sock.rcvhwm = 1
            sock.connect(self.stack.requests["till"])
            for _ in range(200):
                sock.send_multipart([b"", b"FETCH", question])
            eventually(lambda: sock.poll(0), what="its first answer")
        self.assertGreater(len(self.friend.log("till")), SALES)
        self.sell()
        self.assert_bounded("till", before)
        self.enemy.context.destroy(linger=0)  # what it did not read is nobody's any more
        again = Client(self.stack, "enemy", "peer")
        self.addCleanup(again.close)
        eventually(lambda: len(again.log("till")), what="the same key, now that it reads")

    def test_questions_that_cannot_be_answered_yet(self):
        """The first waits for its table, and what was asked behind it is kept; the log is another matter."""
        self.sell()
        eventually(self.shelf, what="the sale on the shelf")
        before = self.watch("stock")
        sock, busy = self.enemy.dealer("stock"), []
        with self.stack.postgres.locked("stock.shelf", "koppel", "ACCESS EXCLUSIVE"):
            header = {"id": "1", "source": "/t", "type": "koppel.stock.shelf.v1", "specversion": "1.0"}
            sock.send_multipart([b"", b"QUERY", msgpack.packb(header), msgpack.packb({"article": "tea"})])
            for _ in range(500):
                sock.send_multipart([b"", b"QUERY", b"x" * BIG, b"x" * BIG])
                while sock.poll(0):
                    busy.append(sock.recv_multipart()[1:])
            self.friend.admin("stock", "STATUS")
            self.assert_bounded("stock", before)
            eventually(lambda: busy or (sock.poll(20) and busy.append(sock.recv_multipart()[1:])), what="a refusal")
            self.assertEqual((busy[0][0], msgpack.unpackb(busy[0][1]).get("code")), (b"ERR", "BUSY"), busy[0])
            self.assertEqual(self.friend.log("stock"), [])
        self.served(self.shelf)

    def test_commands_that_come_while_the_service_is_held_up(self):
        """They stay with who sends them, but for a few."""
        self.sell()
        eventually(self.shelf, what="the first sale on the shelf")
        before = self.watch("stock")
        sock = self.enemy.dealer("stock")
        sock.sndhwm = 1
        with self.stack.postgres.locked("stock.shelf", "koppel"):
            self.sell()
            eventually(lambda: self.stack.psql("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'relation'"), what="it waits")
            sent = 0
            while sent < 1000 and sock.poll(1000, zmq.POLLOUT):
                sock.send_multipart([b"", b"COMMAND", b"x" * BIG, b"x" * BIG])
                sent += 1
            self.assert_bounded("stock", before)
        self.assertEqual(self.served(lambda: self.shelf() == 2), True)
        self.assert_bounded("stock", before)

    def test_topics_longer_than_any_topic(self):
        """The longest that may be asked for is served; what is far longer ends its sender's connection."""
        before = self.watch("till")
        sock = self.enemy.secure(self.enemy.context.socket(zmq.SUB), "till")
        follower = self.friend.secure(self.friend.context.socket(zmq.SUB), "till")
        self.addCleanup(follower.close)
        for i in range(100):
            follower.subscribe(f"{i}".ljust(256))
        follower.subscribe("till/")
        follower.connect(self.stack.events["till"])
        eventually(lambda: follower.poll(0), what="a beat")
        for i in range(2000):
            sock.subscribe(f"{i}".ljust(4000))
        sock.connect(self.stack.events["till"])
        for _ in range(20):
            self.sell()
            eventually(lambda: follower.poll(0) and b"sold" in follower.recv_multipart()[0], what="the sale")
        self.assert_bounded("till", before)


if __name__ == "__main__":
    unittest.main()
