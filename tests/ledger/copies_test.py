"""Two processes for one service: the second is refused or waits; one that slept too long is fenced off."""
import os
import signal
import subprocess
import unittest

from ledger import PROGRAMS, SERVICES, MiniStack, faults

from ports import free_ports
from waiting import eventually


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

    @staticmethod
    def elsewhere():
        events, requests, health = free_ports(3)
        return {"BUS_BIND_EVENTS": f"tcp://127.0.0.1:{events}", "BUS_BIND_REQUESTS": f"tcp://127.0.0.1:{requests}",
                "BUS_HEALTH": f"127.0.0.1:{health}"}


if __name__ == "__main__":
    unittest.main()
