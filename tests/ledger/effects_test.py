"""Effects: run after the commit, at least once, whatever becomes of the process."""
import pathlib
import signal
import tempfile
import time
import unittest

from ledger import PROGRAMS, SERVICES, MiniStack

from waiting import eventually


class Effects(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rings-", dir="/tmp")
        self.addCleanup(folder.cleanup)
        self.rings = pathlib.Path(folder.name, "rings")
        self.stack = self.enterContext(MiniStack(SERVICES, PROGRAMS, {"RING_FILE": str(self.rings)}))
        self.addCleanup(self.go)

    def go(self):
        self.rings.with_suffix(".go").touch()

    def rung(self):
        return self.rings.read_text().split("\n")[:-1] if self.rings.exists() else []

    def heard(self):
        return self.stack.psql("SELECT key FROM sink.ledger WHERE subject = 'ring' ORDER BY place").split()

    def emit(self, n):
        self.stack.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": n})

    def test_an_effect_that_does_not_end_is_cut_off_and_run_again(self):
        self.emit(50)
        eventually(lambda: self.rung() == ["50 50"], what="the ring under way")
        began = time.monotonic()
        self.assertEqual(self.stack.kill("relay", signal.SIGTERM), 0)
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(self.stack.psql("SELECT clean FROM relay.stream_head"), "t")
        self.stack.start("relay")
        eventually(lambda: self.rung() == ["50 50"] * 2, what="the same ring again")
        self.go()
        eventually(lambda: self.heard() == ["50"], what="its outcome")
        eventually(lambda: self.stack.psql("SELECT count(*) FROM relay.effect") == "0", what="nothing left over")


if __name__ == "__main__":
    unittest.main()
