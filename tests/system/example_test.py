"""The shop example on libbus: commands, events, queries, catch-up, exactly-once over kills."""
import hashlib
import pathlib
import signal
import sys
import unittest
import uuid

import msgpack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402
from client import Refused, write_key  # noqa: E402
from ministack import MiniStack  # noqa: E402
from runs import events  # noqa: E402
from waiting import eventually  # noqa: E402

PROGRAMS = {"till": BUILD / "bin/example-till", "stock": BUILD / "bin/example-stock"}


class Opened(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = cls.enterClassContext(MiniStack(["till", "stock"], PROGRAMS))
        cls.client = cls.stack.client

    def sell(self, article, pieces, **more):
        return self.client.command("till", "koppel.till.sell.v1", {"article": article, "pieces": pieces}, **more)

    def left(self, article):
        return self.client.query("stock", "koppel.stock.shelf.v1", {"article": article})


class Shop(Opened):
    def test_a_sale_reaches_the_shelf(self):
        self.sell("bread", 3)
        eventually(lambda: self.left("bread") == {"left": 97, "sales": 1}, what="the sale on the shelf")

    def test_an_article_that_runs_low_is_said_with_its_cause(self):
        self.sell("milk", 95)
        def low():
            return [(h, d) for h, d in self.client.log("stock") if d.get("article") == "milk"]
        (header, data), = eventually(low, what="ran-low")
        self.assertEqual(data, {"article": "milk", "left": 5})
        sold, = [h for h, d in self.client.log("till") if h["type"] == "koppel.till.sold.v1" and d["article"] == "milk"]
        self.assertEqual(header["causationid"], sold["id"])
        self.assertEqual(header["correlationid"], sold["correlationid"])
        self.assertGreaterEqual(header["after"]["till"], sold["seq"])

    def test_the_same_command_again_gets_the_first_answer_and_sells_once(self):
        key = str(uuid.uuid4())
        first = self.sell("eggs", 6, id=key)
        self.assertEqual(self.sell("eggs", 6, id=key), first)
        with self.assertRaises(Refused) as refused:
            self.sell("eggs", 7, id=key)
        self.assertEqual(refused.exception.status["status"], "conflict")
        eventually(lambda: self.left("eggs") == {"left": 94, "sales": 1}, what="one sale of eggs")

    def test_a_repetition_is_never_done_for_the_first_time(self):
        key, data = str(uuid.uuid4()), {"article": "pears", "pieces": 2}
        def repeat(**more):
            return self.client.request(b"REPEAT", "till", "koppel.till.sell.v1", {**data, **more}, id=key)
        for _ in range(2):
            with self.assertRaises(Refused) as refused:
                repeat()
            self.assertEqual(refused.exception.status["status"], "not-found")
        first = self.sell("pears", 2, id=key)
        self.assertEqual(repeat(), first)
        with self.assertRaises(Refused) as refused:
            repeat(pieces=3)
        self.assertEqual(refused.exception.status["status"], "conflict")
        eventually(lambda: self.left("pears") == {"left": 98, "sales": 1}, what="one sale of pears")

    def test_asking_whether_it_was_done_writes_nothing(self):
        key, data, n = str(uuid.uuid4()), {"article": "plums", "pieces": 1}, 50

        def turn():
            return int(self.stack.psql("SELECT turn FROM till.stream_head"))
        first, before = self.sell("plums", 1, id=key), turn()
        for _ in range(n):
            self.assertEqual(self.client.request(b"REPEAT", "till", "koppel.till.sell.v1", data, id=key), first)
            with self.assertRaises(Refused):
                self.client.request(b"REPEAT", "till", "koppel.till.sell.v1", data, id=str(uuid.uuid4()))
        self.assertLess(turn() - before, n)  # how far its readers are may be noted meanwhile

    def test_the_same_command_twice_in_one_batch(self):
        till = self.stack.processes["till"]
        before = self.stack.metric("till", "libbus_singles_total")
        dealer, keys = self.client.dealer("till"), [str(uuid.uuid4()) for _ in range(40)]
        till.send_signal(signal.SIGSTOP)
        for key in keys:
            for pieces in (1, 1, 2):
                header = {"id": key, "source": "/test", "type": "koppel.till.sell.v1", "specversion": "1.0"}
                dealer.send_multipart([f"{key} {pieces}".encode(), b"", b"COMMAND", msgpack.packb(header),
                                       msgpack.packb({"article": "rice", "pieces": pieces})])
        till.send_signal(signal.SIGCONT)
        answers = {}
        for _ in range(3 * len(keys)):
            self.assertTrue(dealer.poll(10000))
            tag, _, _, status, data = dealer.recv_multipart()
            answers.setdefault(tag.decode(), []).append((msgpack.unpackb(status), data))
        for key in keys:
            first, second = answers[f"{key} 1"]
            self.assertEqual(first[0]["status"], "ok")
            self.assertEqual(second, first)
            self.assertEqual(answers[f"{key} 2"][0][0]["code"], "BUS-KEY-REUSED")
        eventually(lambda: self.left("rice") == {"left": 60, "sales": 40}, what="one sale for each key")
        self.assertEqual(self.stack.metric("till", "libbus_singles_total"), before)

    def test_what_is_kept_of_a_command_tells_nothing_of_it(self):
        """A hash that anyone can make again is as good as the data, where there are few things it can be."""
        key, data = str(uuid.uuid4()), {"article": "mustard", "pieces": 1}
        first = self.sell("mustard", 1, id=key)
        packed = b"koppel.till.sell.v1" + msgpack.packb(data)
        plain = {hashlib.blake2b(packed, digest_size=size).hexdigest() for size in (28, 32)}
        plain |= {digest[:56] for digest in plain} | {digest[8:] for digest in plain}
        kept = self.stack.psql(f"SELECT encode(digest, 'hex') FROM till.request_done WHERE key LIKE '%{key}'")
        self.assertFalse({kept, kept[8:]} & plain)
        keys, public = [self.stack.keys / name for name in ("till.key", "allowed/till.pub")], self.stack.public_keys["till"]
        before = [path.read_bytes() for path in keys]
        def begin_anew(public):
            self.stack.kill("till")
            self.stack.public_keys["till"] = public
            self.client.forget("till")
            self.stack.start("till")
            self.stack.wait_ready("till")
        begin_anew(write_key(self.stack.keys, "till", "peer")[0])
        self.assertEqual(self.sell("mustard", 1, id=key), first)
        for path, data in zip(keys, before):
            path.write_bytes(data)
        begin_anew(public)
        self.assertEqual(self.sell("mustard", 1, id=key), first)
        eventually(lambda: self.left("mustard") == {"left": 99, "sales": 1}, what="one sale of mustard")

    def test_a_key_belongs_to_its_actor(self):
        key = str(uuid.uuid4())
        self.sell("tea", 1, id=key, actor="ann")
        self.sell("tea", 2, id=key, actor="bob")
        self.sell("tea", 2, id=key, actor="bob")
        eventually(lambda: self.left("tea") == {"left": 97, "sales": 2}, what="a sale of each")

    def test_a_faulty_command_names_every_fault(self):
        with self.assertRaises(Refused) as refused:
            self.sell("", 0)
        status = refused.exception.status
        self.assertEqual(status["status"], "invalid")
        self.assertEqual({fault["pointer"] for fault in status["faults"]}, {"/article", "/pieces"})

    def test_unknown_things_are_not_found(self):
        for call in (lambda: self.left("nothing"),
                     lambda: self.client.command("till", "koppel.till.buy.v1", {})):
            with self.assertRaises(Refused) as refused:
                call()
            self.assertEqual(refused.exception.status["status"], "not-found")

    def test_an_event_that_cannot_be_read_is_parked_and_passed(self):
        self.stack.kill("stock")
        self.sell("pepper", 1)
        seq, n = map(int, self.stack.psql("SELECT seq, n FROM till.event_log ORDER BY seq DESC LIMIT 1").split("|"))
        run = events(self.stack.psql, "till")[-n:]
        run[-1][0]["source"] = ""
        unreadable = b"".join(map(msgpack.packb, run))
        self.stack.psql(f"UPDATE till.event_log SET events = decode('{unreadable.hex()}', 'hex') WHERE seq = {seq}")
        self.stack.start("stock")
        eventually(lambda: [one["seq"] for one in self.client.admin("stock", "ADMIN", {"op": "dead-list"})["dead"]]
                   == [seq], what="it parked")
        # The till knows the event at our position by its id, so that we are not told we have diverged.
        self.stack.kill("stock")
        self.stack.start("stock")
        self.stack.wait_ready("stock")
        self.sell("pepper", 2)
        eventually(lambda: self.left("pepper") == {"left": 98, "sales": 1}, what="what came after")

    def test_sigterm_ends_well_and_soon(self):
        self.assertEqual(self.stack.kill("stock", signal.SIGTERM), 0)
        self.stack.start("stock")
        self.stack.wait_ready("stock")

    def test_the_stream_is_dense(self):
        seqs = [header["seq"] for header, _ in self.client.log("till")]
        self.assertEqual(seqs, list(range(1, len(seqs) + 1)))


class Killed(Opened):
    """In a shop of its own: for a while after a crash a service runs its messages one by one."""

    def test_killed_at_any_moment_every_sale_counts_once(self):
        for n in range(200):
            self.sell("apples", 1)
            if n % 50 == 25:
                self.stack.kill("stock")
                self.stack.start("stock")
            if n % 70 == 35:
                self.stack.kill("till")
                self.stack.start("till")
                self.stack.wait_ready("till")
        self.stack.wait_ready("stock")
        eventually(lambda: self.left("apples") == {"left": -100, "sales": 200}, what="200 sales of apples")


if __name__ == "__main__":
    unittest.main()
