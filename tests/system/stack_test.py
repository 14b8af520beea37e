#!/usr/bin/python3
"""koppel up, down and status, with stand-ins for the services: usage, ports, roles, folders and who owns them."""
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stand_in_stack import ROOT, StandInStack, alive, environment_of, pid_of, ready, wait_for  # noqa: E402


class Usage(StandInStack):
    def test_help_and_wrong_usage(self):
        listed = self.koppel("help")
        self.assertEqual(listed.returncode, 0)
        for command in ("up", "down", "status", "help"):
            self.assertRegex(listed.stdout, r"(?m)^  %s +\S" % command)
            told = self.koppel("help", command)
            self.assertEqual(told.returncode, 0)
            self.assertEqual(told.stdout, self.koppel(command, "--help").stdout)
        self.assertEqual(self.koppel("--help").stdout, listed.stdout)
        wrong = [(), ("nothing",), ("record", "x", "--from", "matching"),
                 ("record", "x", "--from", "matching:0"), ("help", "nothing"), ("help", "up", "down"), ("up", "--nothing"), ("up", "x"),
                 ("up", "--port"), ("up", "--port", "80"), ("up", "--port", "8080x"), ("down", "x"),
                 ("status", "--json=1"), ("stauts",), ("backup", "")]
        for args in wrong:
            done = self.koppel(*args)
            self.assertEqual((done.returncode, done.stdout), (2, ""), args)
            if args:
                self.assertEqual(done.stderr.count("\n"), 1, args)
                self.assertIn("koppel help", done.stderr)

        self.assertIn("did you mean status?", self.koppel("stauts").stderr)

    def test_no_stack(self):
        for command in ("down", "status"):
            done = self.koppel(command)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertEqual(done.stderr.count("\n"), 1)
            self.assertIn("there is no stack in var/stack: name its folder with --dir, or make one with koppel up", done.stderr)

    def test_folder_of_something_else(self):
        folder = self.work / "photos"
        folder.mkdir()
        (folder / "cat.jpg").write_text("meow")
        before = folder.stat()
        for path in (folder, folder / "cat.jpg"):
            done = self.koppel("up", "--dir", path)
            self.assertEqual(done.returncode, 1)
            self.assertIn("--dir", done.stderr)
        self.assertEqual((folder.stat().st_uid, folder.stat().st_mode), (before.st_uid, before.st_mode))
        self.assertEqual([p.name for p in folder.iterdir()], ["cat.jpg"])


class Place(StandInStack):
    def test_side_by_side(self):
        one, two = self.used_stack("one"), self.used_stack("two")
        self.stand_ins()
        self.up(one)
        taken = self.koppel("up", "--dir", two, "--port", self.port)
        self.assertEqual(taken.returncode, 1)
        self.assertEqual(taken.stderr.count("\n"), 1)
        self.assertIn(f"port {self.port} is not free: name another with --port", taken.stderr)
        self.down(one)
        # The block that was asked for last time is taken now: the next one, and it is said.
        self.up(two)
        out = self.up(one)
        self.assertIn("using those from %d on" % (self.port + 100), out)
        self.assertIn("address  http://127.0.0.1:%d\n" % (self.port + 100), out)
        self.assertTrue(ready(self.port, "gateway") and ready(self.port + 100, "gateway"))
        self.down(two)
        self.assertTrue(ready(self.port + 100, "gateway"))
        self.down(one)
        with socket.socket() as taker:
            taker.bind(("127.0.0.1", self.port + 100 + 14))
            taker.listen()
            taken = self.koppel("up", "--dir", one, "--port", self.port + 100)
            self.assertIn("port %d " % (self.port + 114), taken.stderr)

    def test_started_at_once(self):
        """Two stacks that start in the same moment choose different ports."""
        stacks = [self.stack("a"), self.stack("b")]
        self.stand_ins(["gateway"])
        who = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []} if self.account else {}
        runs = [subprocess.Popen([self.bin / "koppel", "up", "--dir", s], stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, **who) for s in stacks]
        outs = [run.communicate(timeout=60)[0] for run in runs]
        self.assertEqual([run.returncode for run in runs], [0, 0], outs)
        ports = {re.search(r"127.0.0.1:(\d+)", out).group(1) for out in outs}
        self.assertEqual(len(ports), 2)

    def test_broken_service(self):
        """The one that does not get ready is named, with the end of its log, and what came up with it is stopped."""
        stack = self.used_stack()
        self.stand_ins()
        (stack / "broken-matching").write_text("")
        done = self.koppel("up", "--dir", stack)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
        self.assertRegex(done.stderr, f"koppel up again: matching is not ready: .*broken on purpose .*{stack}/log/matching.log")
        self.assertIn("no stack was running", self.down(stack))
        (stack / "broken-matching").unlink()
        self.assertNotIn("runs already", self.up(stack))

    def test_what_ran_before_is_not_stopped(self):
        stack = self.used_stack()
        self.stand_ins()
        self.up(stack)
        (stack / "broken-matching").write_text("")
        os.kill(pid_of(stack, "matching"), signal.SIGKILL)
        done = self.koppel("up", "--dir", stack)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
        self.assertRegex(done.stderr, f"koppel down --dir {stack}, .*matching is not ready: .*broken on purpose")
        self.assertTrue(ready(self.port, "gateway"))

    def test_a_database_that_does_not_start(self):
        """It says itself why, and not what an earlier start said."""
        stack = self.used_stack()
        control, log = stack / "pg/global/pg_control", stack / "log/postgres.log"
        log.write_text(log.read_text() + "2026-01-05 09:00:00 UTC PANIC:  yesterday's\n")
        control.rename(stack / "kept")
        done = self.koppel("up", "--dir", stack)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
        self.assertRegex(done.stderr, f"Postgres ended while starting: .*pg_control.* .*{log}")
        (stack / "kept").rename(control)
        for wal in (stack / "pg/pg_wal").glob("0*"):
            wal.unlink()
        done = self.koppel("up", "--dir", stack)
        self.assertIn("could not locate a valid checkpoint record", done.stderr)
        self.assertIn("no stack was running", self.down(stack))

    def test_refused_settings(self):
        """A service that refuses its settings ends a start at once, and nothing of it is left running."""
        stack = self.used_stack()
        self.stand_ins()
        (stack / "unwilling").write_text("")
        done = self.koppel("up", "--dir", stack)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
        self.assertRegex(done.stderr, "koppel up again: (gateway|matching) .*BUS-SETTING: WILL is not there")
        self.assertEqual((stack / "log" / "supervisor.log").read_text().count("started gateway"), 1)
        self.assertIn("no stack was running", self.down(stack))

        (stack / "unwilling").unlink()
        self.assertNotIn("runs already", self.up(stack))
        (stack / "unwilling").write_text("")
        os.kill(pid_of(stack, "gateway"), signal.SIGKILL)
        wait_for(lambda: "gateway refuses its settings" in (stack / "log" / "supervisor.log").read_text())
        done = self.koppel("up", "--dir", stack)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
        self.assertRegex(done.stderr, f"koppel down --dir {stack}, .*WILL is not there")
        self.assertTrue(alive(pid_of(stack, "matching")))

    def test_roles(self):
        """Each service has its own schema, and no way into another's, or into another database."""
        stack = self.used_stack()
        self.up(stack)
        self.assertEqual(self.psql(stack, "registry", "CREATE TABLE t (n int); INSERT INTO t VALUES (1)").stderr, "")
        self.assertEqual(self.psql(stack, "registry", "SELECT n FROM registry.t").stdout, "1\n")
        for sql in ("SELECT n FROM registry.t", "CREATE TABLE registry.u ()", "CREATE TABLE public.u ()",
                    "CREATE SCHEMA other", "CREATE TEMP TABLE u ()", "SET ROLE registry", "CREATE ROLE other",
                    "ALTER ROLE registry PASSWORD 'x'", "COPY pg_class TO '/tmp/x'"):
            self.assertRegex(self.psql(stack, "matching", sql).stderr, "permission denied|must be", sql)
        for database in ("postgres", "template1"):
            self.assertRegex(self.psql(stack, "matching", "SELECT 1", database).stderr, "no pg_hba.conf entry")
        wrong = (stack / "secrets" / "db-registry").read_text()
        self.assertIn("authentication failed", self.psql(stack, "matching", "SELECT 1", password=wrong).stderr)
        self.assertEqual(self.psql(stack, "koppel_admin", "SHOW listen_addresses").stdout, "\n")

    def test_conducted(self):
        stack = self.used_stack()
        self.stand_ins(["gateway"])
        for args, clock in ((["--conducted"], "conducted"), ([], "wall")):
            self.up(stack, *args)
            environment = environment_of(pid_of(stack, "gateway"))
            self.assertIn("BUS_CLOCK=" + clock, environment)
            self.assertIn("HTTP_LISTEN=127.0.0.1:%d" % self.port, environment)
            self.down(stack)

    def test_long_path(self):
        """A unix socket's address holds 107 bytes."""
        stack = self.stack("x" * 100)
        self.up(stack)
        folder = pathlib.Path(json.loads((stack / "stack.json").read_text())["socket_dir"])
        self.assertEqual(folder.parent, pathlib.Path("/tmp"))
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)
        self.down(stack)
        self.up(stack)
        self.assertEqual(json.loads((stack / "stack.json").read_text())["socket_dir"], str(folder))


@unittest.skipUnless(ROOT, "only root has a folder that others cannot enter")
class Unreachable(StandInStack):
    def test_closed_folder(self):
        """A checkout that the account cannot enter: the stack goes elsewhere, and the programs still run."""
        self.home.chmod(0o700)
        shutil.copy("/usr/bin/env", self.bin / "koppel-gateway")  # a program, not a script: it tells its environment
        stack = self.stack()
        done = self.koppel("up", "--dir", "stack/", "--port", self.port)
        self.assertEqual(done.returncode, 1)
        self.assertIn("gateway is not ready", done.stderr)
        self.assertTrue(stack.is_symlink())
        place = stack.resolve()
        self.assertEqual(place.parent, pathlib.Path("/var/tmp"))
        self.assertIn("stack    %s\n" % place, done.stdout)
        self.assertIn("BUS_HEALTH=127.0.0.1:%d" % (self.port + 30), (place / "log" / "gateway.log").read_text())
        # What is behind the link may be swept away: the stack begins anew.
        shutil.rmtree(place)
        (self.bin / "koppel-gateway").unlink()
        self.up(stack)
        self.assertNotEqual(stack.resolve(), place)

    def test_a_link_that_somebody_else_made(self):
        """Where others can make one, root would give away whatever it leads to."""
        target, link = self.work / "empty", self.stack()
        target.mkdir(0o755)
        link.symlink_to(target)
        os.lchown(link, pwd.getpwnam("nobody").pw_uid, -1)
        before = target.stat()
        done = self.koppel("up", "--dir", link)
        self.assertEqual(done.returncode, 1)
        self.assertIn("somebody else made", done.stderr)
        self.assertEqual((target.stat().st_uid, target.stat().st_mode), (before.st_uid, before.st_mode))
        os.lchown(link, 0, -1)
        self.up(link)

    def test_owner_stays(self):
        """Root who starts an ordinary user's stack runs it as that user."""
        owner = pwd.getpwnam("nobody")
        stack = self.stack()
        stack.mkdir()
        os.chown(stack, owner.pw_uid, owner.pw_gid)
        self.up(stack)
        self.assertEqual(stack.stat().st_uid, owner.pw_uid)
        self.assertEqual((stack / "pg").stat().st_uid, owner.pw_uid)


if __name__ == "__main__":
    unittest.main(verbosity=2)
