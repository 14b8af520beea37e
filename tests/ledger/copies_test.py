"""Two processes for one service: the second is refused or waits; one that slept too long is fenced off."""
import os
import signal
import subprocess
import threading
import unittest

from ledger import PROGRAMS, SERVICES, MiniStack, faults

from client import Client, Refused
from ports import free_ports
from waiting import eventually
from way import Way


class Copies(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(MiniStack(SERVICES, PROGRAMS))

    def second(self, name, **environment):
        """Another copy of a running service, at the same addresses."""
        log = open(self.stack.folder / "second.log", "ab")
        self.addCleanup(log.close)
        process = subprocess.Popen([PROGRAMS[name]], stderr=log,
                                   env={**self.stack.service_environment(name), **environment})
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def said(self):
        return (self.stack.folder / "second.log").read_text()

    def emit(self, n=50, seconds=20):
        def once():
            return self.stack.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": n}, seconds=2)
        return eventually(once, seconds, "an answer to emit")

    def balanced(self):
        for name in SERVICES:
            self.stack.wait_ready(name)
        self.stack.settled(60)
        self.assertEqual(faults(self.stack), {})

    def test_the_second_is_refused(self):
        second = self.second("source")
        self.assertEqual(second.wait(20), 1)
        self.assertIn("BUS-OWNED", self.said())
        self.emit()
        self.balanced()

    def test_a_standby_takes_over_from_the_dead(self):
        second = self.second("source", BUS_STANDBY="1")
        eventually(lambda: "waiting" in self.said(), what="the standby's word")
        self.emit()
        self.assertIsNone(second.poll())
        self.stack.kill("source")
        self.stack.processes["source"] = second
        self.stack.client.forget("source")
        self.emit()
        self.balanced()

    def test_a_paused_owner_is_fenced(self):
        first = self.stack.processes["source"]
        self.emit()
        first.send_signal(signal.SIGSTOP)
        # The paused one holds the addresses; a standby on another machine has its own.
        other = {key: os.environ.get(key, value) for key, value in self.elsewhere().items()}
        second = self.second("source", BUS_STANDBY="1", **other)
        eventually(lambda: "started" in self.said(), what="the takeover")
        first.send_signal(signal.SIGCONT)
        self.assertEqual(first.wait(20), 1)
        self.assertIn("BUS-FENCED", self.stack.log_tail("source"))
        self.assertIsNone(second.poll())
        # Back to the usual addresses: nothing the fenced one did may show.
        second.send_signal(signal.SIGTERM)
        self.assertEqual(second.wait(20), 0)
        self.stack.start("source")
        self.stack.client.forget("source")
        self.emit()
        self.balanced()

    def begin_with_its_own_way(self):
        """An owner that alone can lose the database: it lives then, and hears nothing of who took over."""
        self.stack.kill("source")
        way = Way(self.stack.folder / ".s.PGSQL.5432")
        self.addCleanup(way.close)
        first = self.second("source", BUS_DATABASE=f"host={way.folder} dbname=koppel user=source")
        self.stack.client.forget("source")
        self.emit()
        live = self.stack.client.follow("source")
        self.assertTrue(live.poll(20000), "a beat")
        return first, way, live

    def code_of_the_refusal(self, client, seconds):
        with self.assertRaises(Refused) as refused:
            client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": 1}, seconds=seconds)
        return refused.exception.status["code"]

    def goes_on_without(self, first, second, live):
        """Who was before is silent, as its beats would turn the readers' heads, and sends whoever asks elsewhere."""
        eventually(lambda: self.said().count("started") == 2, what="the takeover")
        eventually(lambda: not (live.poll(4000) and live.recv_multipart()), what="the silence of who was before")
        self.assertEqual(self.code_of_the_refusal(self.stack.client, 4), "BUS-AWAY")
        self.assertIsNone(first.poll())
        first.kill()
        second.send_signal(signal.SIGTERM)
        self.assertEqual(second.wait(20), 0)
        self.stack.start("source")
        self.stack.client.forget("source")
        self.emit()
        self.balanced()

    def test_an_owner_whose_database_is_away_makes_way(self):
        first, way, live = self.begin_with_its_own_way()
        second = self.second("source", BUS_STANDBY="1", **self.elsewhere())
        way.close()
        self.goes_on_without(first, second, live)

    def test_an_owner_that_cannot_know_of_its_last_commit_makes_way(self):
        first, way, live = self.begin_with_its_own_way()
        self.stack.psql("CREATE FUNCTION source.rest() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'")
        self.stack.psql("CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON source.emitted DEFERRABLE INITIALLY DEFERRED"
                        " FOR EACH ROW EXECUTE FUNCTION source.rest()")
        codes, other = [], Client(self.stack, "other")
        self.addCleanup(other.close)
        asking = threading.Thread(target=lambda: codes.append(self.code_of_the_refusal(other, 60)))
        asking.start()
        self.addCleanup(asking.join)
        committing = "FROM pg_stat_activity WHERE query = 'COMMIT' AND wait_event = 'PgSleep'"
        eventually(lambda: self.stack.psql(f"SELECT count(*) {committing}") == "1", what="a commit under way")
        second = self.second("source", BUS_STANDBY="1", **self.elsewhere())
        way.close()
        self.stack.psql(f"SELECT pg_terminate_backend(pid) {committing}")
        self.stack.psql("DROP FUNCTION source.rest() CASCADE")
        self.goes_on_without(first, second, live)
        asking.join()
        self.assertEqual(codes, ["BUS-AWAY"])  # also who asked before
        self.assertEqual(self.stack.psql("SELECT count(*) FROM source.emitted WHERE n = 1"), "0")

    @staticmethod
    def elsewhere():
        events, requests, health = free_ports(3)
        return {"BUS_BIND_EVENTS": f"tcp://127.0.0.1:{events}", "BUS_BIND_REQUESTS": f"tcp://127.0.0.1:{requests}",
                "BUS_HEALTH": f"127.0.0.1:{health}"}


if __name__ == "__main__":
    unittest.main()
