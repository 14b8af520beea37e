"""A clock that stands before what was handled last: time stands still, work goes on, and the log says so."""
import unittest

from ledger import PROGRAMS, MiniStack
from waiting import eventually

HOUR_US = 3600 * 1_000_000


class Clock(unittest.TestCase):
    def test_a_clock_that_was_ahead_is_told_of(self):
        with MiniStack(["source"], PROGRAMS) as stack:
            stack.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": 1})
            self.assertNotIn("BUS-CLOCK-BACK", stack.log_tail("source", 1000))
            stack.kill("source")
            ahead = stack.psql(f"UPDATE source.stream_head SET clock_now_us = clock_now_us + {HOUR_US} RETURNING clock_now_us")
            stack.start("source")
            stack.wait_ready("source")
            stack.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": 1})
            eventually(lambda: "BUS-CLOCK-BACK: the clock stands 3" in stack.log_tail("source", 1000), what="a line in the log")
            self.assertEqual(stack.psql("SELECT clock_now_us FROM source.stream_head"), ahead.splitlines()[0])


if __name__ == "__main__":
    unittest.main()
