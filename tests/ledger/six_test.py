"""The product under fire: a town lives by its edge while services, sessions and backends of the database are killed.
Afterwards whatever was promised must have happened, once and in order. Run alone: --seed N --seconds N."""
import argparse
import os
import random
import sys
import time
import unittest

import ledger_test
from balance import Balance
from town import SERVICES, SixStack, Town
from waiting import eventually

SECONDS = float(os.environ.get("LEDGER_SECONDS", "30"))
SEED = int(os.environ.get("LEDGER_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)
STOPS = 30  # a slow machine goes on until as many duos have stopped
HOUR_US = 3_600_000_000


class Fire(unittest.TestCase):
    def test_what_was_promised_happened_once(self):
        print(f"\n  seed {SEED}, {SECONDS:.0f} s; again with: --seed {SEED}", flush=True)
        with SixStack() as stack:
            town = Town(stack, SEED)
            self.addCleanup(town.close)
            town.found()
            trouble = ledger_test.Trouble(stack, random.Random(SEED))
            self.live(town, trouble)
            try:
                stuck = self.settle(stack, town)
                balance = Balance(stack, town)
                found = balance.faults()
            except (TimeoutError, RuntimeError) as error:
                stuck, found, balance = str(error), [], None
            print("  " + self.story(town, trouble, balance), flush=True)
            wrong = (stuck, found, town.wrong, trouble.ended)
            logs = "" if wrong == (None, [], [], []) else ledger_test.Fire.logs(stack)
        self.assertEqual(wrong, (None, [], [], []), logs)
        self.assertGreater(balance.events(), 1000)
        self.assertGreaterEqual(len(town.promised["stopped"]), STOPS)

    @staticmethod
    def live(town, trouble):
        arrivals = random.Random(SEED)
        began, spent = time.monotonic(), 0
        while spent < SECONDS or (len(town.promised["stopped"]) < STOPS and spent < 4 * SECONDS):
            for _ in range(2):
                if town.busy < 50:
                    town.arrive(arrivals)
            trouble.once()
            spent = time.monotonic() - began
        trouble.revive()

    @staticmethod
    def settle(stack, town):
        for name in SERVICES:
            stack.wait_ready(name)
        town.rest(stack)
        # Letters that found no registry are tried again after minutes and hours, which need not be waited for;
        # also those that find none now, as where the session that it answers from was killed and not used since.
        asked = 0

        def posted():
            nonlocal asked
            days = 1 + int(time.monotonic() - began) // 10
            if days > asked:
                asked = days
                stack.client.admin("notifications", "RELEASE", {"now": time.time_ns() // 1000 + days * 24 * HOUR_US})
            return stack.psql("SELECT count(*) FROM notifications.waiting") == "0"
        began = time.monotonic()
        eventually(posted, 60, "the last letter")
        town.rest(stack)

    @staticmethod
    def story(town, trouble, balance):
        kept = ", ".join(f"{what} {len(which)}" for what, which in town.promised.items())
        done = ", ".join(f"{kind} {n}" for kind, n in trouble.done.items())
        return (f"{balance and balance.events()} events; {kept}; {town.edge.repeats} repeated, "
                f"{town.refused['accept-match']} proposals gone before they were accepted; {done}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=SEED)
    arguments.add_argument("--seconds", type=float, default=SECONDS)
    given, rest = arguments.parse_known_args()
    SEED, SECONDS = given.seed, given.seconds
    ledger_test.SEED = SEED  # names the folder of the logs that are kept after a failure
    unittest.main(argv=sys.argv[:1] + rest)
