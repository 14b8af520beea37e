#!/usr/bin/python3
"""A stack's life by koppel up, down and status, with stand-ins for the services: what dies and what comes back.

As root it is lived twice: by root, who hands the stack to an account without rights, and by such an account itself.
"""
import json
import os
import pathlib
import pwd
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stand_in_stack import ROOT, SERVICES, StandInStack, alive, pid_of, ready, wait_for  # noqa: E402


class Life(StandInStack):
    def test_life(self):
        """Up, what stands where, up again, down, and up with what was there."""
        stack = self.stack()
        self.stand_ins()
        out = self.up(stack)
        self.assertIn("address  http://127.0.0.1:%d\n" % self.port, out)
        pids = {name: pid_of(stack, name) for name in ("supervisor", "postgres", "gateway", "matching")}
        for name, pid in pids.items():
            self.assertTrue(alive(pid), name)
            self.assertNotEqual(os.stat("/proc/%d" % pid).st_uid if name != "supervisor" else stack.stat().st_uid, 0)
        self.assertTrue(ready(self.port, "gateway") and ready(self.port, "matching"))
        self.assertFalse((stack / "run" / "registry.pid").exists())
        self.assertEqual(stack.stat().st_mode & 0o777, 0o700)

        secrets = [path.read_text() for path in (stack / "secrets").iterdir()]
        self.assertGreaterEqual(len(secrets), 9)
        self.assertEqual(len(set(secrets)), len(secrets))
        for path in [*(stack / "secrets").iterdir(), *(stack / "keys").glob("*.key")]:
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

        again = self.up(stack)
        self.assertIn("runs already", again)
        self.assertIn("address  http://127.0.0.1:%d\n" % self.port, again)
        self.assertEqual(pid_of(stack, "supervisor"), pids["supervisor"])
        self.assertEqual(self.psql(stack, "matching", "CREATE TABLE kept AS SELECT 42 AS n").stderr, "")

        status = self.koppel("status", "--json", "--dir", stack)
        self.assertEqual((status.returncode, status.stderr), (1, ""))  # these stand-ins answer nothing
        rows = {row["service"]: row["state"] for row in json.loads(status.stdout)["services"]}
        self.assertEqual(list(rows), SERVICES)
        self.assertEqual((rows["gateway"], rows["registry"]), ("no answer", "not running"))
        table = self.koppel("status", "--dir", stack).stdout
        self.assertRegex(table, r"(?m)^gateway +no answer ")

        self.assertIn("stopped", self.down(stack))
        for name, pid in pids.items():
            self.assertFalse(alive(pid), name)
        self.assertIn("no stack was running", self.down(stack))

        out = self.up(stack)
        self.assertIn("address  http://127.0.0.1:%d\n" % self.port, out)
        self.assertEqual(self.psql(stack, "matching", "SELECT n FROM kept").stdout, "42\n")
        self.assertEqual([path.read_text() for path in (stack / "secrets").iterdir()], secrets)
        self.down(stack)
        for path in (stack / "log").iterdir():
            text = path.read_text()
            for secret in secrets:
                self.assertNotIn(secret, text + out + again, path)

    def test_restarts_what_dies(self):
        stack = self.used_stack()
        self.stand_ins()
        self.up(stack)
        for name in ("gateway", "postgres", "gateway", "matching"):
            before = pid_of(stack, name)
            os.kill(before, signal.SIGKILL)
            wait_for(lambda: pid_of(stack, name) not in (0, before))
        wait_for(lambda: ready(self.port, "gateway") and ready(self.port, "matching"))
        wait_for(lambda: self.psql(stack, "matching", "SELECT 1").stdout == "1\n")

    def test_a_public_key_that_is_gone(self):
        stack = self.stack()
        self.stand_ins()
        self.up(stack)
        shown = stack / "keys" / "allowed" / "gateway.pub"
        key = [line for line in shown.read_text().splitlines() if not line.startswith("#")]
        shown.unlink()
        table = self.koppel("status", "--dir", stack).stdout.splitlines()
        self.assertRegex(table[2], r"^gateway +no key +- ")
        self.assertLess(max(map(len, table[:8])), 80)
        self.assertRegex(table[-1], f"^gateway: BUS-DENIED: key file {shown} cannot be read .*: put it there")
        # As the runbook says.
        secret = (stack / "keys" / "gateway.key").read_text().splitlines()
        self.assertEqual([line for line in secret if "secret-key" not in line and not line.startswith("#")], key)
        shown.write_text("".join(line + "\n" for line in secret if "secret-key" not in line))
        self.assertRegex(self.koppel("status", "--dir", stack).stdout, r"(?m)^gateway +no answer ")
        self.down(stack)

    def test_supervisor_killed(self):
        """Everything dies with it, and the next up (or down) finds a clean place."""
        stack = self.used_stack()
        self.stand_ins()
        self.up(stack)
        for command in ("up", "down"):
            pids = [pid_of(stack, name) for name in ("postgres", "gateway", "matching")]
            supervisor = pid_of(stack, "supervisor")
            os.kill(supervisor, signal.SIGKILL)
            wait_for(lambda: not alive(supervisor))
            if command == "up":
                self.assertNotIn("runs already", self.up(stack))
            else:
                self.down(stack)
            for pid in pids:
                self.assertFalse(alive(pid))
        self.up(stack)
        # One that does not hear the first signal is forced.
        stopped = pid_of(stack, "gateway")
        os.kill(stopped, signal.SIGSTOP)
        os.kill(pid_of(stack, "supervisor"), signal.SIGKILL)
        self.up(stack)
        self.assertFalse(alive(stopped))
        self.assertTrue(ready(self.port, "gateway"))

    def test_supervisor_killed_while_waited_for(self):
        """An up that finds a stack running and waits for it does not wait for one that is no more."""
        stack = self.used_stack()
        self.stand_ins()
        self.up(stack)
        stopped = pid_of(stack, "gateway")
        os.kill(stopped, signal.SIGSTOP)
        with self.koppel_begin("up", "--dir", stack) as waiting:
            self.assertIn("runs already", waiting.stdout.readline())
            os.kill(pid_of(stack, "supervisor"), signal.SIGKILL)
            out, err = waiting.communicate(timeout=120)
        self.assertEqual((waiting.returncode, err), (0, ""))
        self.assertIn("started anew", out)
        self.assertFalse(alive(stopped))
        self.assertTrue(ready(self.port, "gateway"))


@unittest.skipUnless(ROOT, "only root can become another account")
class LifeOfAnOrdinaryUsers(Life):
    account = pwd.getpwnam("nobody")


if __name__ == "__main__":
    unittest.main(verbosity=2)
