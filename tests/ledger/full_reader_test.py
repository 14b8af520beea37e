"""A reader whose sockets are full, as its database makes it wait, outlives a source that dies with the connection in use."""
import contextlib
import os
import signal
import time
import unittest

from ledger import BUILD, MiniStack

from waiting import eventually

PROGRAMS = {name: BUILD / f"bin/ledger-{name}" for name in ("source", "drain")}
ROUNDS = 6
RECEIVE_LIMIT = 1000  # messages that a reader's socket takes before it stops reading


@contextlib.contextmanager
def database_hanging(stack, name):
    """The service's database sessions stand still, and its loop with them."""
    backends = [int(pid) for pid in stack.psql(f"SELECT pid FROM pg_stat_activity WHERE usename = '{name}'").split()]
    for pid in backends:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in backends:
            os.kill(pid, signal.SIGCONT)


class FullReader(unittest.TestCase):
    def test_its_source_is_killed(self):
        with MiniStack(["source", "drain"], PROGRAMS) as stack:
            def emit(n):
                for _ in range(n):
                    stack.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": 1}, seconds=20)
            emit(5)
            stack.settled()
            with database_hanging(stack, "drain"):
                emit(RECEIVE_LIMIT + 400)
                for _ in range(ROUNDS):
                    # Long enough for whatever a connection does by itself, then gone with that unread.
                    stack.processes["source"].send_signal(signal.SIGSTOP)
                    time.sleep(1.3)
                    stack.kill("source")
                    stack.start("source")
                    stack.client.forget("source")
                    stack.wait_ready("source")
                    emit(5)
                    self.assertIsNone(stack.processes["drain"].poll(), "the reader ended: " + stack.log_tail("drain"))
            stack.settled(60)
            eventually(lambda: stack.psql("SELECT count(*) FROM drain.drained") == str(RECEIVE_LIMIT + 405 + 5 * ROUNDS),
                       what="each number once")


if __name__ == "__main__":
    unittest.main()
