"""A source that comes back without its last events, as after a failover or from a backup, and gives their numbers to
others at once: who had read them must say so, and take nothing of the new ones."""
import pathlib
import signal
import subprocess
import sys
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD, ROOT  # noqa: E402
from ministack import MiniStack  # noqa: E402
from waiting import eventually  # noqa: E402

RESTORED = ROOT / "deploy/restored.sql"
PROGRAMS = {"source": BUILD / "bin/ledger-source", "drain": BUILD / "bin/ledger-drain"}


class LostTail(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(MiniStack(["source", "drain"], PROGRAMS))

    def emit(self, n, subject):
        self.stack.client.command("source", "koppel.source.emit.v1", {"subject": subject, "n": n}, seconds=20)

    def position(self):
        return int(self.stack.psql("SELECT seq FROM drain.position WHERE stream = 'source'") or 0)

    def head(self):
        return int(self.stack.psql("SELECT last_seq FROM source.stream_head"))

    def drained(self):
        eventually(lambda: self.position() == self.head(), what="everything read")

    def tool(self, name, *arguments):
        postgres = self.stack.postgres
        return subprocess.run([f"{postgres.bin}/{name}", "-h", str(postgres.folder), "-U", "admin", *arguments, "koppel"],
                              check=True, capture_output=True, text=True, cwd="/").stdout

    def lose(self, backup):
        """The source dies, and its schema is what it was at the backup."""
        self.stack.kill("source")
        self.stack.psql("DROP SCHEMA source CASCADE")
        restored = self.stack.folder / "restored.sql"
        restored.write_text(backup)
        self.tool("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", str(restored))
        self.stack.start("source")

    def state(self):
        try:
            with urllib.request.urlopen(f"http://{self.stack.health['drain']}/readyz", timeout=2) as answer:
                return answer.read().decode().split(":")[0].strip()
        except urllib.error.HTTPError as error:
            return error.read().decode().split(":")[0]

    def rows(self):
        return self.stack.psql("SELECT count(*), max(seq), sum(number) FROM drain.drained")

    def test_a_reader_of_the_lost_events_takes_nothing_more(self):
        self.emit(20, "kept")
        self.drained()
        backup = self.tool("pg_dump", "-n", "source")
        self.emit(30, "lost")
        self.drained()
        before, rows = self.position(), self.rows()
        # Held up for a moment, the reader hears of the source only when that is past its position again.
        self.stack.processes["drain"].send_signal(signal.SIGSTOP)
        self.lose(backup)
        self.emit(100, "instead")
        self.assertGreater(self.head(), before)
        self.stack.processes["drain"].send_signal(signal.SIGCONT)
        eventually(lambda: self.state() == "diverged", what="the reader says that it has diverged")
        self.emit(100, "more")
        self.assertIn("BUS-DIVERGED", (self.stack.folder / "drain.log").read_text())
        self.assertEqual((self.position(), self.rows()), (before, rows))
        # Not after its own restart either, while it has heard nothing yet.
        self.stack.kill("drain")
        self.stack.start("drain")
        eventually(lambda: self.state() == "diverged", what="the reader says so again")
        self.assertEqual((self.position(), self.rows()), (before, rows))

    def test_a_reader_that_had_not_read_them_goes_on(self):
        self.emit(20, "kept")
        self.drained()
        backup = self.tool("pg_dump", "-n", "source")
        self.stack.kill("drain")
        self.emit(30, "lost")
        self.lose(backup)
        self.emit(5, "instead")
        self.stack.start("drain")
        self.drained()
        self.assertEqual(self.stack.psql("SELECT count(*), count(DISTINCT seq) FROM drain.drained"), "25|25")

    def test_a_restart_that_lost_nothing_is_greeted_and_read_on(self):
        self.emit(20, "kept")
        self.drained()
        for _ in range(3):
            self.stack.kill("source")
            self.stack.start("source")
            self.emit(20, "more")
            self.drained()
        self.assertEqual(self.stack.psql("SELECT count(*), count(DISTINCT number) FROM drain.drained"), "80|80")

    def test_of_two_restores_the_later_begins_the_later_epoch(self):
        """One backup put back again and again, each as if the others had not been."""
        script = self.stack.folder / "restored-once.sql"
        script.write_text(f"BEGIN;\n{RESTORED.read_text()}\nSELECT epoch FROM source.stream_head;\nROLLBACK;\n")
        epochs = [int(self.tool("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", str(script))) for _ in range(12)]
        self.assertEqual(epochs, sorted(set(epochs)))
        self.assertLess(epochs[-1], 2 ** 53)  # whole in JSON

    def test_a_source_that_begins_anew_is_not_taken_for_the_one_of_before(self):
        """It counts from 1 in epoch 1 again, and comes past the reader's position at once."""
        self.emit(20, "of before")
        self.drained()
        before, rows = self.position(), self.rows()
        self.stack.kill("source")
        self.stack.psql("DROP SCHEMA source CASCADE; CREATE SCHEMA source AUTHORIZATION source")
        self.stack.start("source")
        self.emit(before + 10, "anew")
        self.assertEqual(self.stack.psql("SELECT epoch FROM source.stream_head"), "1")
        eventually(lambda: self.state() == "diverged", what="the reader says that it has diverged")
        self.assertEqual((self.position(), self.rows()), (before, rows))

    def test_who_runs_while_its_history_is_given_up_stops(self):
        self.emit(20, "kept")
        self.drained()
        self.tool("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", str(RESTORED))
        for name in PROGRAMS:
            self.stack.processes[name].wait(timeout=60)
            self.assertIn("BUS-FENCED", (self.stack.folder / f"{name}.log").read_text())
        for name in PROGRAMS:
            self.stack.start(name)
        self.emit(20, "after")
        self.drained()
        self.assertEqual(self.stack.psql("SELECT count(*), count(DISTINCT seq) FROM drain.drained"), "40|40")


if __name__ == "__main__":
    unittest.main()
