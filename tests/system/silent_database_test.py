#!/usr/bin/python3
"""The database keeps its connections and answers nothing: a service answers all the same, says so, and goes on by itself."""
import contextlib
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
import urllib.request
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402
from client import Client, Refused  # noqa: E402
from ministack import MiniStack  # noqa: E402
from ports import free_ports  # noqa: E402
from waiting import eventually  # noqa: E402
from way import Way  # noqa: E402

PROGRAMS = {"source": BUILD / "bin/ledger-source", "drain": BUILD / "bin/ledger-drain"}
WATCHED_S = 7   # longer than a lease
AT_ONCE_S = 3   # who answers within it did not wait for the database, also on a slow machine
EMIT = "koppel.source.emit.v1"


class Asked(unittest.TestCase):
    stack_class = MiniStack

    def setUp(self):
        self.stack = self.enterContext(self.stack_class(["source", "drain"], PROGRAMS))
        self.emitted = 0
        self.emit(str(uuid.uuid4()))

    def emit(self, id, seconds=10, client=None):
        first = (client or self.stack.client).command("source", EMIT, {"subject": "s", "n": 1}, id=id, seconds=seconds)["first"]
        self.emitted += 1
        self.assertEqual(first, self.emitted)  # each once
        return first

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://{self.stack.health['source']}{path}", timeout=AT_ONCE_S) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def silent(self):
        return self.get("/readyz").startswith("database silent: BUS-SILENT: ")

    def silent_s(self):
        return float(re.search(r"(?m)^libbus_database_silent_seconds (\S+)$", self.get("/metrics"))[1])

    def logged(self):
        return self.stack.client.admin("source", "FETCH", {"req": 1, "after": 0, "max_n": 9, "max_bytes": 9999}, seconds=AT_ONCE_S)["head"]

    def answers_throughout(self):
        """Whoever asks is told at once, and for how long it lasts."""
        began_s, began, before = self.silent_s(), time.monotonic(), self.logged()
        until = began + WATCHED_S
        while time.monotonic() < until:
            status = self.stack.client.admin("source", "STATUS", seconds=AT_ONCE_S)
            self.assertEqual(status["state"], "database silent")
            self.assertIn("BUS-SILENT", status["need"])
            self.assertEqual(self.get("/healthz"), "the loop turns\n")
            self.assertEqual(self.logged(), before)  # nothing that is not known to stand
            time.sleep(0.05)
        self.assertAlmostEqual(self.silent_s() - began_s, time.monotonic() - began, delta=2)
        self.assertIn("BUS-SILENT", self.stack.log_tail("source"))

    def refused(self, code, ask):
        with self.assertRaises(Refused) as refused:
            ask()
        self.assertIn(code, (refused.exception.status.get("code"), refused.exception.status.get("status")))

    def goes_on(self, id):
        self.stack.wait_ready("source")
        self.assertEqual(self.silent_s(), 0)
        eventually(lambda: self.emit(id, client=self.other), what="the command done")
        self.emit(str(uuid.uuid4()))
        self.stack.settled()
        self.assertEqual(self.stack.psql("SELECT count(*) FROM source.emitted"), str(self.emitted))
        self.assertEqual(self.stack.psql("SELECT count(DISTINCT number), count(*) FROM drain.drained"), f"{self.emitted}|{self.emitted}")

    def asked_meanwhile(self, lasts):
        """A command that is under way when the database falls silent, and one that comes then."""
        first, later = str(uuid.uuid4()), str(uuid.uuid4())
        told = []

        def command():
            try:
                self.other.command("source", EMIT, {"subject": "s", "n": 1}, id=first, seconds=60)
                told.append("done")
            except Refused as refused:
                told.append(refused.status["code"])
        self.other = Client(self.stack, "other", "peer")
        self.addCleanup(self.other.close)
        asking = threading.Thread(target=command)
        with lasts:
            asking.start()
            eventually(self.silent, what="the silence noticed")
            self.answers_throughout()
            self.refused("BUSY", lambda: self.stack.client.admin("source", "ADMIN", {"op": "dead-list"}, seconds=AT_ONCE_S))
            self.refused("BUS-AWAY", lambda: self.emit(later, seconds=AT_ONCE_S))
            asking.join(AT_ONCE_S)  # who waits is told to ask elsewhere
            self.assertEqual(told, ["BUS-AWAY"])
            status = self.other.admin("source", "STATUS", seconds=AT_ONCE_S)
            self.assertEqual((status["state"], status["need"]), ("database silent", ""))  # what it is, is for operators
        return first


class Stopped(Asked):
    @contextlib.contextmanager
    def stopped(self):
        """The process of the service's session."""
        pid = int(self.stack.psql("SELECT pid FROM pg_stat_activity WHERE application_name = 'source'"))
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def test_a_stopped_backend(self):
        self.goes_on(self.asked_meanwhile(self.stopped()))


class Unreplicated(Asked):
    @contextlib.contextmanager
    def no_standby(self):
        """Every COMMIT waits for a synchronous standby that is not there."""
        self.stack.psql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        self.stack.psql("SELECT pg_reload_conf()")
        eventually(lambda: self.stack.psql("SHOW synchronous_standby_names") == "nobody", what="the setting read")
        self.stack.psql("CHECKPOINT")  # before which the checkpointer reads it too: from then on it counts
        yield
        self.assertEqual(self.stack.psql("SELECT wait_event FROM pg_stat_activity WHERE application_name = 'source'"), "SyncRep")
        self.stack.psql("ALTER SYSTEM RESET synchronous_standby_names")
        self.stack.psql("SELECT pg_reload_conf()")

    def test_a_synchronous_standby_that_is_gone(self):
        self.goes_on(self.asked_meanwhile(self.no_standby()))


class OwnWay(MiniStack):
    """Source has its own way to the database, and a standby that goes to it directly."""

    def start(self, name, program=None):
        if name == "source":
            self.way = Way(self.folder / ".s.PGSQL.5432")
        return super().start(name, program)

    def service_environment(self, name):
        environment = super().service_environment(name)
        if name == "source":
            environment["BUS_DATABASE"] = f"host={self.way.folder} dbname=koppel user=source"
        return environment

    def start_standby(self):
        events, requests, health = free_ports(3)
        environment = {**super().service_environment("source"), "BUS_STANDBY": "1", "BUS_BIND_EVENTS": f"tcp://127.0.0.1:{events}",
                       "BUS_BIND_REQUESTS": f"tcp://127.0.0.1:{requests}", "BUS_HEALTH": f"127.0.0.1:{health}"}
        with open(self.folder / "standby.log", "ab") as log:
            self.processes["standby"] = subprocess.Popen([self.programs["source"]], env=environment, stderr=log)
        eventually(lambda: "waiting" in (self.folder / "standby.log").read_text(), what="the standby's word")

    def __exit__(self, *args):
        self.way.open.set()
        super().__exit__(*args)
        self.way.close()


class Held(Asked):
    stack_class = OwnWay

    def test_answers_that_are_held_on_their_way(self):
        self.stack.start_standby()
        self.stack.way.open.clear()
        eventually(self.silent, what="the silence noticed")
        eventually(lambda: "started" in (self.stack.folder / "standby.log").read_text(), 30, "the standby at work")
        self.assertTrue(self.silent())
        self.refused("BUS-AWAY", lambda: self.emit(str(uuid.uuid4()), seconds=AT_ONCE_S))
        self.stack.way.open.set()
        self.assertEqual(self.stack.processes.pop("source").wait(20), 1)
        self.assertIn("BUS-FENCED", self.stack.log_tail("source"))


del Asked

if __name__ == "__main__":
    unittest.main()
