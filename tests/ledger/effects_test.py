"""Effects: run after the commit, at least once, whatever becomes of the process."""
import os
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

    def processor_s(self, name):
        times = pathlib.Path(f"/proc/{self.stack.processes[name].pid}/stat").read_text().rpartition(")")[2].split()
        return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")

    def another_attempt(self):
        """Of the relay at its database: the next is 1.6 s later."""
        before = self.stack.metric("relay", "libbus_retries_total")
        eventually(lambda: self.stack.metric("relay", "libbus_retries_total") > before, what="another attempt")

    def test_an_outcome_waits_for_the_database_at_rest(self):
        self.emit(50)
        eventually(lambda: self.rung() == ["50 50"], what="the ring under way")
        self.stack.postgres.stop(signal.SIGINT)
        eventually(lambda: self.stack.metric("relay", "libbus_retries_total") > 6, what="long pauses")
        self.another_attempt()
        before = self.processor_s("relay")
        self.go()
        self.another_attempt()
        self.assertLess(self.processor_s("relay") - before, 0.4)  # of the 1.6 s that it would poll without a pause
        self.stack.postgres.start()
        eventually(lambda: self.heard() == ["50"], what="its outcome")


if __name__ == "__main__":
    unittest.main()
