"""What came due while a service was away waits, after its start, for the events that came before it."""
import signal
import unittest

from ledger import PROGRAMS, SERVICES, MiniStack

from waiting import eventually

BACKLOG = 5000  # more than a turn takes


class Overdue(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(MiniStack(SERVICES, PROGRAMS))

    def let_come_due(self, key):
        self.stack.psql(f"INSERT INTO relay.timer (name, key, due) VALUES ('tick', '{key}', now() - interval '1 hour')")

    def ticked(self, key):
        """The place of the tick in the relay's stream, and that of the last echo."""
        said = [(header["type"], data) for header, data in self.stack.client.log("relay")]
        ticks = [at for at, (type_, data) in enumerate(said) if "ticked" in type_ and data["key"] == key]
        echoes = [at for at, (type_, _) in enumerate(said) if "echoed" in type_]
        return ticks and (ticks[0], echoes[-1] if echoes else -1, len(echoes))

    def test_the_backlog_comes_first(self):
        self.stack.kill("relay", signal.SIGTERM)
        for _ in range(5):
            self.stack.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": BACKLOG // 5})
        self.let_come_due("old")
        self.stack.start("relay")
        tick, last_echo, echoes = eventually(lambda: self.ticked("old"), what="the overdue timer")
        self.assertEqual(echoes, BACKLOG)
        self.assertGreater(tick, last_echo)

    def test_a_silent_source_holds_nothing_up(self):
        self.stack.kill("relay", signal.SIGTERM)
        self.stack.kill("source", signal.SIGTERM)
        self.let_come_due("lonely")
        self.stack.start("relay")
        eventually(lambda: self.ticked("lonely"), what="the overdue timer")


if __name__ == "__main__":
    unittest.main()
