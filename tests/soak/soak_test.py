"""Hours of it if asked: the ledger's services under load while services and the database are killed, paused and cut off
at random. What must stay flat is watched, and in the end the ledger must balance.

    make soak SOAK_SECONDS=3600        SOAK_SEED=N repeats a run
"""
import os
import pathlib
import random
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "ledger"))
import ledger_test  # noqa: E402
from ledger import PROGRAMS, SERVICES, Load, MiniStack, faults  # noqa: E402
from watch import Watch  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
import page  # noqa: E402
from conditions import Conditions  # noqa: E402

SECONDS = float(os.environ.get("SOAK_SECONDS", "600"))
SEED = int(os.environ.get("SOAK_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)
ledger_test.SEED = SEED  # names the folder of the logs that are kept after a failure


class Weather(ledger_test.Trouble):
    """Trouble with quiet spells between: most processes live long enough to show that they do not grow. One service,
    chosen by the seed, is paused and cut off but never killed."""

    KINDS = (("kill", 4), ("pause", 6), ("backend", 6), ("terminate", 2), ("database", 1), ("long_pause", 1),
             ("quiet", 8))

    def __init__(self, stack, chance):
        super().__init__(stack, chance)
        self.spared = chance.choice(SERVICES)

        self.mortal = [name for name in SERVICES if name != self.spared]

    def kill(self):
        for name in self.chance.sample(self.mortal, self.chance.choice((1, 1, 2))):
            self.stack.kill(name)
            self.stack.start(name)

    def long_pause(self):
        """Longer than a lease: the others go on, and what it missed is more than sockets keep."""
        process = self.stack.processes[self.chance.choice(SERVICES)]
        process.send_signal(signal.SIGSTOP)
        time.sleep(self.chance.uniform(5, 8))
        process.send_signal(signal.SIGCONT)

    def quiet(self):
        time.sleep(self.chance.uniform(1, 6))


class Soak(unittest.TestCase):
    @staticmethod
    def spend_quarter(stack, loads, weather, watch):
        """Work amid trouble, all of it done, and a rest; what was waited for in vain, or None."""
        for load in loads:
            load.start()
        until = time.monotonic() + SECONDS / 4
        while time.monotonic() < until:
            weather.once()
            watch.sample()
        for load in loads:
            load.end(120)
        weather.revive()
        stuck = ledger_test.Fire.settle(stack)
        watch.sample()
        watch.rest()
        print(f"  quarter {watch.quarter} of 4; " + ", ".join(f"{k} {n}" for k, n in weather.done.items()), flush=True)
        return stuck

    def test_nothing_grows_and_the_ledger_balances(self):
        print(f"\n  seed {SEED}, {SECONDS:.0f} s; again with: make soak SOAK_SECONDS={SECONDS:.0f} SOAK_SEED={SEED}",
              flush=True)
        conditions = Conditions()
        # As in a stack that people start: one that comes back waits until Postgres has noticed that its old self is gone.
        # And Postgres looks for dead rows as often, for the work that is done, as it does where there is less of it.
        with MiniStack(SERVICES, PROGRAMS, {"BUS_STANDBY": "1"}, postgres=["-c", "autovacuum_naptime=5s"]) as stack:
            weather, watch = Weather(stack, random.Random(SEED)), Watch(stack, SECONDS)
            print(f"  {weather.spared} is never killed", flush=True)
            loads, stuck = [], None
            while watch.quarter < 4 and not stuck:
                loads += (now := [Load(stack, f"load{watch.quarter}{i}", random.Random(f"{SEED} {watch.quarter} {i}"))
                                  for i in (1, 2)])
                stuck = self.spend_quarter(stack, now, weather, watch)
            found, grown = faults(stack), watch.verdict()
            promises = [fault for load in loads for fault in load.broken_promises(stack)]
            events = int(stack.psql("SELECT count(*) FROM sink.ledger"))
            commands = sum(len(load.answers) for load in loads)
            told = [f"{events:,} events, {commands:,} commands answered, {sum(load.repeats for load in loads):,} repeated; "
                    + ", ".join(f"{kind} {n}" for kind, n in weather.done.items()), *watch.told(),
                    "the ledger balances: lost, doubled, reordered, causally inverted and stuck are all 0"
                    if not (stuck or found or promises) else f"the ledger does not balance: {stuck} {found}"]
            print(*(f"  {line}" for line in told), sep="\n", flush=True)
            wrong = stuck or found or grown or promises or weather.ended
            logs = ledger_test.Fire.logs(stack) if wrong else ""
        self.assertEqual((stuck, found, promises, weather.ended, grown), (None, {}, [], [], []), logs)
        self.assertGreater(events, SECONDS)
        if "FAULTS_OUT" in os.environ:
            how = f"`make soak SOAK_SECONDS={SECONDS:.0f}`, seed {SEED}; {conditions.tell()}"
            page.put(pathlib.Path(os.environ["FAULTS_OUT"]) / "faults.md", "\n".join([*(f"- {line}" for line in told), "", how]),
                     "figures of the soak")


if __name__ == "__main__":
    unittest.main()
