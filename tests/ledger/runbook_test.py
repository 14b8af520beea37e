"""What the runbook has an operator run in the database does what it says."""
import pathlib
import re
import signal
import time
import unittest

from ledger import PROGRAMS, SERVICES, MiniStack
from waiting import eventually

RUNBOOK = (pathlib.Path(__file__).resolve().parents[2] / "docs/runbook.md").read_text()


def statements(entry):
    text = RUNBOOK[RUNBOOK.index(f"\n## {entry}\n"):]
    return re.findall(r"`((?:UPDATE|INSERT|DELETE|ALTER|SELECT) [^`]+)`", text[:text.index("\n## ", 1)])


class Runbook(unittest.TestCase):
    def setUp(self):
        self.stack = MiniStack(SERVICES, PROGRAMS)
        self.stack.__enter__()
        self.addCleanup(self.stack.__exit__)

    def start_again(self, sql):
        """Runs it in the schema of the source, which is stopped meanwhile; a function that reads what the source logs then."""
        self.assertEqual(self.stack.kill("source", signal.SIGTERM), 0)
        self.stack.psql(f"SET search_path = source; {sql}")
        log = self.stack.folder / "source.log"
        before = log.stat().st_size
        self.stack.start("source")
        self.stack.wait_ready("source")
        return lambda: log.read_bytes()[before:].decode()

    def day_of_the_next_event(self):
        self.stack.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": 1})
        return self.stack.client.log("source")[-1][0]["time"][:10]

    def test_time_goes_on_where_the_clock_was_ahead(self):
        [mended] = statements("BUS-CLOCK-BACK")
        log = self.start_again("UPDATE stream_head SET clock_now_us = 4102444800000000")
        eventually(lambda: "BUS-CLOCK-BACK" in log(), what="the operator told")
        self.assertEqual(self.day_of_the_next_event(), "2100-01-01")
        log = self.start_again(mended)
        self.assertLess(self.day_of_the_next_event(), time.strftime("%Y-%m-%d", time.gmtime(time.time() + 2 * 86400)))
        self.assertNotIn("BUS-CLOCK-BACK", log())


if __name__ == "__main__":
    unittest.main()
