"""The database is away and its address is silent: a service says so to whoever asks, at once, and goes on by itself."""
import contextlib
import pathlib
import signal
import socket
import sys
import threading
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402
from client import Client, Refused  # noqa: E402
from ministack import MiniStack  # noqa: E402
from waiting import eventually  # noqa: E402

PROGRAMS = {"source": BUILD / "bin/ledger-source", "drain": BUILD / "bin/ledger-drain"}
WATCHED_S = 6  # longer than the five seconds after which libpq gives a silent server up
AT_ONCE_S = 3  # and this is shorter: who answers within it did not wait for libpq, also on a slow machine


class DatabaseAway(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(MiniStack(["source", "drain"], PROGRAMS))

    def emit(self, **more):
        return self.stack.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": 1}, **more)

    @contextlib.contextmanager
    def silence(self):
        """In the place of Postgres: whoever connects hears nothing, as of a name that nobody resolves."""
        self.stack.postgres.stop(signal.SIGQUIT)
        path = self.stack.folder / ".s.PGSQL.5432"
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as silent:
            silent.bind(str(path))
            path.chmod(0o777)
            silent.listen(100)
            yield
        path.unlink()
        self.stack.postgres.start()

    def ready(self, name):
        try:
            with urllib.request.urlopen(f"http://{self.stack.health[name]}/readyz", timeout=AT_ONCE_S) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def says_away(self, name):
        return self.ready(name).startswith("database away")

    def answer_throughout(self, *names):
        """At once, and all of them the same."""
        until = time.monotonic() + WATCHED_S
        while time.monotonic() < until:
            for name in names:
                self.assertTrue(self.says_away(name), self.ready(name))
                status = self.stack.client.admin(name, "STATUS", seconds=AT_ONCE_S)
                self.assertEqual(status["state"], "database away")
            time.sleep(0.05)

    def goes_on(self):
        for name in PROGRAMS:
            self.stack.wait_ready(name)
        before = eventually(lambda: self.emit(), what="a command answered")["first"]
        self.assertEqual(self.emit()["first"], before + 1)
        self.stack.settled()

    def test_every_service_answers_while_it_looks_for_the_database(self):
        with self.silence():
            for name in PROGRAMS:
                eventually(lambda: self.says_away(name), what="the database found away")
            self.answer_throughout(*PROGRAMS)
            # Why it is away is for operators.
            self.assertIn("the database cannot be reached", self.stack.client.admin("source", "STATUS")["need"])
            other = Client(self.stack, "other", "peer")
            self.addCleanup(other.close)
            status = other.admin("source", "STATUS")
            self.assertEqual((status["state"], status["need"]), ("database away", ""))
        self.goes_on()

    def ask(self, name, path):
        try:
            with urllib.request.urlopen(f"http://{self.stack.health[name]}{path}", timeout=AT_ONCE_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def test_a_service_that_starts_while_it_is_away_says_so(self):
        self.stack.kill("source")
        with self.silence():
            self.stack.start("source")
            eventually(lambda: self.ask("source", "/healthz")[0] == 200, what="the health port")
            until = time.monotonic() + WATCHED_S
            while time.monotonic() < until:
                self.assertEqual(self.ask("source", "/healthz")[0], 200)
                status, why = self.ask("source", "/readyz")
                self.assertEqual(status, 503)
                self.assertIn(why.split(":")[0], ("starting", "opening"))
                self.assertIn("\nlibbus_ready 0\n", self.ask("source", "/metrics")[1])
                time.sleep(0.05)
            self.assertIn("the database cannot be reached", why)
            eventually(lambda: " warn  source waits, and goes on by itself: the database" in self.stack.log_tail("source"),
                       what="a warning in the log")
            self.assertEqual(self.ask("source", "/elsewhere")[0], 404)
        self.goes_on()
        metrics = self.ask("source", "/metrics")[1]
        self.assertIn("\nlibbus_ready 1\n", metrics)
        self.assertRegex(metrics, r"(?m)^libbus_uptime_seconds \d+(\.\d{1,3})?$")

    def test_a_service_leaves_while_an_attempt_to_connect_hangs(self):
        with self.silence():
            eventually(lambda: self.says_away("source"), what="the database found away")
            since = time.monotonic()
            self.assertEqual(self.stack.kill("source", signal.SIGTERM), 0)
            self.assertLess(time.monotonic() - since, 4)  # the attempt itself takes five seconds
            self.assertEqual(self.stack.log_tail("source", 1).split()[-1], "stopped")
            self.stack.start("source")
        self.goes_on()

    def test_a_commit_of_which_nobody_knows_whether_it_stands(self):
        self.stack.psql("CREATE FUNCTION source.rest() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'")
        self.stack.psql("CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON source.emitted DEFERRABLE INITIALLY DEFERRED"
                        " FOR EACH ROW EXECUTE FUNCTION source.rest()")
        other = Client(self.stack, "other")
        self.addCleanup(other.close)

        def command():
            with contextlib.suppress(TimeoutError, Refused):
                other.command("source", "koppel.source.emit.v1", {"subject": "s", "n": 1}, seconds=2)
        asking = threading.Thread(target=command)
        asking.start()
        self.addCleanup(asking.join)
        eventually(lambda: self.stack.psql("SELECT query FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "COMMIT",
                   what="a commit under way")
        with self.silence():
            eventually(lambda: self.says_away("source"), what="the database found away")
            self.answer_throughout("source")
            # What an operator asks for waits until it is known.
            with self.assertRaises(Refused) as refused:
                self.stack.client.admin("source", "ADMIN", {"op": "dead"}, seconds=AT_ONCE_S)
            self.assertEqual(refused.exception.args[0].split(":")[0], "BUSY")
        self.stack.psql("DROP FUNCTION source.rest() CASCADE")
        self.goes_on()
        self.assertEqual(self.stack.psql("SELECT count(*) FROM source.emitted"), "2")  # not the lost one


if __name__ == "__main__":
    unittest.main()
