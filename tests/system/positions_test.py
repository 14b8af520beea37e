"""A source knows how far its readers have come, also those that are away, and after its own restart."""
import pathlib
import sys
import unittest
import urllib.request

import msgpack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402
from ministack import MiniStack  # noqa: E402
from waiting import eventually  # noqa: E402

PROGRAMS = {"source": BUILD / "bin/ledger-source", "drain": BUILD / "bin/ledger-drain"}


class Positions(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(MiniStack(["source", "drain"], PROGRAMS))
        self.client = self.stack.client

    def emit(self, n):
        self.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": n}, seconds=20)

    def status(self):
        status = self.client.admin("source", "STATUS")
        return status["head"], {one["reader"]: one for one in status["readers"]}

    def kept(self):
        return self.stack.psql("SELECT reader, seq FROM source.reader_position ORDER BY reader").splitlines()

    def metrics(self):
        with urllib.request.urlopen(f"http://{self.stack.health['source']}/metrics", timeout=20) as answer:
            return answer.read().decode().splitlines()

    def test_lag_is_known_and_survives_a_restart(self):
        self.emit(9)
        eventually(lambda: self.status()[1]["drain"]["seq"] == 10, what="the reader's position told")
        self.assertEqual(self.status()[1]["drain"]["lag"], 0)
        eventually(lambda: self.kept() == ["drain|10"], what="the position kept")
        self.assertIn('libbus_reader_lag_events{reader="drain"} 0', self.metrics())
        self.stack.kill("drain")
        self.emit(4)
        self.stack.kill("source")
        self.stack.start("source")
        self.stack.wait_ready("source")
        head, readers = self.status()
        self.assertEqual((head, readers["drain"]["seq"], readers["drain"]["lag"], readers["drain"]["silent_s"]), (15, 10, 5, None))
        self.assertIn('libbus_reader_lag_events{reader="drain"} 5', self.metrics())
        self.stack.start("drain")
        eventually(lambda: self.status()[1]["drain"]["lag"] == 0, what="the reader caught up")
        eventually(lambda: self.kept() == ["drain|15"], what="the new position kept")

    def test_a_reader_is_known_by_its_key(self):
        refused = lambda: float([x for x in self.metrics() if x.startswith("libbus_refused_total ")][0].split()[1])  # noqa: E731
        before = refused()
        for body in ({}, {"seq": "x"}, {"seq": -1}, [1]):
            self.client.dealer("source").send_multipart([b"", b"POS", msgpack.packb(body)])
        eventually(lambda: refused() == before + 4, what="four refused")
        self.client.dealer("source").send_multipart([b"", b"POS", msgpack.packb({"seq": 3})])
        eventually(lambda: self.status()[1]["koppel"]["seq"] == 3, what="the operator's position, under its own name")
        eventually(lambda: "koppel|3" in self.kept(), what="the position kept")

    def test_a_position_in_a_history_that_was_given_up_is_not_noted(self):
        tell = lambda epoch: self.client.dealer("source").send_multipart([b"", b"POS", msgpack.packb({"epoch": epoch, "seq": 9})])  # noqa: E731
        tell(7)
        self.assertNotIn("koppel", self.status()[1])  # asked behind it on the same connection
        tell(1)
        self.assertEqual(self.status()[1]["koppel"]["seq"], 9)

    def test_a_reader_too_many_is_told(self):
        self.stack.kill("drain")
        self.stack.kill("source")
        self.stack.psql("DELETE FROM source.reader_position")
        self.stack.psql("INSERT INTO source.reader_position SELECT 'reader-' || n, 1, now() FROM generate_series(1, 256) n")
        self.stack.start("source")
        self.stack.wait_ready("source")
        eventually(lambda: len(self.status()[1]) == 256, what="those known before recalled")
        told = lambda: self.client.dealer("source").send_multipart([b"", b"POS", msgpack.packb({"seq": 1})])  # noqa: E731
        log = self.stack.folder / "source.log"
        told()
        eventually(lambda: "BUS-READERS-FULL" in log.read_text(), what="the operator warned")
        self.assertIn("not kept for koppel:", log.read_text())
        self.client.admin("source", "ADMIN", {"op": "reader-forget", "reader": "reader-7"})
        told()
        eventually(lambda: "koppel" in self.status()[1], what="known, where there is room")

    def test_positions_do_not_count_for_the_state(self):
        def hash_of():
            return self.client.admin("source", "ADMIN", {"op": "state-hash"})["hash"]
        before = hash_of()
        self.client.dealer("source").send_multipart([b"", b"POS", msgpack.packb({"seq": 1})])
        eventually(lambda: "koppel|1" in self.kept(), what="the position kept")
        self.assertEqual(hash_of(), before)


if __name__ == "__main__":
    unittest.main()
