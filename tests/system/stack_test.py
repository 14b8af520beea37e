#!/usr/bin/python3
"""koppel up, down and status, with stand-ins for the services: what the embedded stack promises of itself.

As root the tests of a stack's life are done twice: by root, who hands the stack to an account without rights, and by
such an account itself.
"""
import http.client
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

BIN = pathlib.Path(os.environ.get("BUILD", "build")).resolve() / "bin"
SERVICES = ["gateway", "registry", "matching", "scheduling", "notifications", "reporting"]
ROOT = os.geteuid() == 0
PORT = 23000  # far from where stacks usually are

STAND_IN = """#!/usr/bin/python3
import http.server, os, signal, sys
if os.path.exists(os.environ["HOME"] + "/broken"):
    sys.exit("this stand-in is broken on purpose")
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args):
        pass
signal.signal(signal.SIGTERM, lambda *a: sys.exit(0))
host, port = os.environ["BUS_HEALTH"].split(":")
http.server.ThreadingHTTPServer((host, int(port)), Health).serve_forever()
"""


def wait_for(what, seconds=20):
    """Polls a condition; its value as soon as it is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        value = what()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("it did not come to be within %d s" % seconds)


def alive(pid):
    try:
        state = pathlib.Path("/proc/%d/stat" % pid).read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def environment_of(pid):
    """A process's environment, read as its own user: root in a container may not look into others."""
    path = pathlib.Path("/proc/%d/environ" % pid)
    stat = path.stat()
    owner = {"user": stat.st_uid, "group": stat.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.run(["cat", path], check=True, capture_output=True, text=True, **owner).stdout.split("\0")


def pid_of(stack, name):
    try:
        return int((stack / "run" / (name + ".pid")).read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return 0


def ready(port, service):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port + 30 + SERVICES.index(service), timeout=1)
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False


class Case(unittest.TestCase):
    account = None  # of an ordinary user; None: ourselves
    used = None     # the folder of a stack that has been up before

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="koppel-test-", dir="/var/tmp"))
        self.home.chmod(0o755)
        self.bin = self.home / "bin"
        self.bin.mkdir()
        shutil.copy(BIN / "koppel", self.bin / "koppel")
        self.work = self.home / "work"
        self.work.mkdir()
        if self.account:
            os.chown(self.work, self.account.pw_uid, self.account.pw_gid)
        self.stacks = []

    def tearDown(self):
        for stack in self.stacks:
            if stack.exists():
                self.koppel("down", "--dir", stack)
            if stack.is_symlink():
                shutil.rmtree(stack.resolve())
            else:
                self.socket_dir_remove(stack)
        shutil.rmtree(self.home)

    def socket_dir_remove(self, stack):
        try:
            folder = json.loads((stack / "stack.json").read_text()).get("socket_dir", "")
        except FileNotFoundError:
            return
        if folder.startswith("/tmp/koppel-"):
            shutil.rmtree(folder)

    def stand_ins(self, names=("gateway", "matching")):
        for name in names:
            path = self.bin / ("koppel-" + name)
            path.write_text(STAND_IN)
            path.chmod(0o755)

    def koppel(self, *args, cwd=None):
        who = {}
        if self.account:
            who = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        return subprocess.run([self.bin / "koppel", *map(str, args)], cwd=cwd or self.work, capture_output=True,
                              text=True, timeout=120, stdin=subprocess.DEVNULL, **who)

    def stack(self, name="stack"):
        """A folder for a stack that does not exist yet."""
        stack = self.work / name
        self.stacks.append(stack)
        return stack

    def used_stack(self, name="stack"):
        """One that has been up before: a copy, which is quicker than to make a database each time."""
        cls = type(self)
        stack = self.stack(name)
        if not cls.used:
            self.up(stack)
            self.down(stack)
            cls.used = pathlib.Path(tempfile.mkdtemp(prefix="koppel-test-", dir="/var/tmp"))
            subprocess.run(["cp", "-a", stack, cls.used / "stack"], check=True)
        elif not stack.exists():
            subprocess.run(["cp", "-a", cls.used / "stack", stack], check=True)
        return stack

    @classmethod
    def tearDownClass(cls):
        if cls.used:
            shutil.rmtree(cls.used)
            cls.used = None

    def up(self, stack, *args):
        if "--port" not in args and not (stack / "stack.json").exists():
            args += ("--port", PORT)
        done = self.koppel("up", "--dir", stack, *args)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        return done.stdout

    def down(self, stack):
        done = self.koppel("down", "--dir", stack)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        return done.stdout

    def psql(self, stack, role, sql, database="koppel", password=None):
        config = json.loads((stack / "stack.json").read_text())
        password = password or (stack / "secrets" / ("db-" + role)).read_text()
        return subprocess.run(["psql", "-XAtqc", sql, "-h", config["socket_dir"], "-U", role, database],
                              capture_output=True, text=True, timeout=30, env={**os.environ, "PGPASSWORD": password})


class Usage(Case):
    def test_help_and_wrong_usage(self):
        listed = self.koppel("help")
        self.assertEqual(listed.returncode, 0)
        for command in ("up", "down", "status", "help"):
            self.assertRegex(listed.stdout, r"(?m)^  %s +\S" % command)
            told = self.koppel("help", command)
            self.assertEqual(told.returncode, 0)
            self.assertEqual(told.stdout, self.koppel(command, "--help").stdout)
        self.assertEqual(self.koppel("--help").stdout, listed.stdout)
        wrong = [(), ("nothing",), ("help", "nothing"), ("help", "up", "down"), ("up", "--nothing"), ("up", "x"),
                 ("up", "--port"), ("up", "--port", "80"), ("up", "--port", "8080x"), ("down", "x"),
                 ("status", "--json=1")]
        for args in wrong:
            done = self.koppel(*args)
            self.assertEqual((done.returncode, done.stdout), (2, ""), args)
            if args:
                self.assertEqual(done.stderr.count("\n"), 1, args)
                self.assertIn("koppel help", done.stderr)

    def test_no_stack(self):
        for command in ("down", "status"):
            done = self.koppel(command)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertEqual(done.stderr.count("\n"), 1)
            self.assertIn("koppel up", done.stderr)

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


class AsAnyone:
    """Tests of a running stack that are worth doing as root and as an ordinary user."""

    def test_life(self):
        """Up, what stands where, up again, down, and up with what was there."""
        stack = self.stack()
        self.stand_ins()
        out = self.up(stack)
        self.assertIn("address  http://127.0.0.1:%d\n" % PORT, out)
        pids = {name: pid_of(stack, name) for name in ("supervisor", "postgres", "gateway", "matching")}
        for name, pid in pids.items():
            self.assertTrue(alive(pid), name)
            self.assertNotEqual(os.stat("/proc/%d" % pid).st_uid if name != "supervisor" else stack.stat().st_uid, 0)
        self.assertTrue(ready(PORT, "gateway") and ready(PORT, "matching"))
        self.assertFalse((stack / "run" / "registry.pid").exists())
        self.assertEqual(stack.stat().st_mode & 0o777, 0o700)

        secrets = [path.read_text() for path in (stack / "secrets").iterdir()]
        self.assertGreaterEqual(len(secrets), 9)
        self.assertEqual(len(set(secrets)), len(secrets))
        for path in [*(stack / "secrets").iterdir(), *(stack / "keys").glob("*.key")]:
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

        again = self.up(stack)
        self.assertIn("runs already", again)
        self.assertIn("address  http://127.0.0.1:%d\n" % PORT, again)
        self.assertEqual(pid_of(stack, "supervisor"), pids["supervisor"])
        self.assertEqual(self.psql(stack, "matching", "CREATE TABLE kept AS SELECT 42 AS n").stderr, "")

        status = self.koppel("status", "--json", "--dir", stack)
        self.assertEqual(status.returncode, 0, status.stderr)
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
        self.assertIn("address  http://127.0.0.1:%d\n" % PORT, out)
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
        wait_for(lambda: ready(PORT, "gateway") and ready(PORT, "matching"))
        wait_for(lambda: self.psql(stack, "matching", "SELECT 1").stdout == "1\n")

    def test_supervisor_killed(self):
        """Everything dies with it, and the next up (or down) finds a clean place."""
        stack = self.used_stack()
        self.stand_ins()
        self.up(stack)
        for command in ("up", "down"):
            pids = [pid_of(stack, name) for name in ("postgres", "gateway", "matching")]
            os.kill(pid_of(stack, "supervisor"), signal.SIGKILL)
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
        self.assertTrue(ready(PORT, "gateway"))


class Stack(AsAnyone, Case):
    def test_side_by_side(self):
        one, two = self.used_stack("one"), self.used_stack("two")
        self.stand_ins()
        self.up(one)
        taken = self.koppel("up", "--dir", two, "--port", PORT)
        self.assertEqual(taken.returncode, 1)
        self.assertEqual(taken.stderr.count("\n"), 1)
        self.assertIn("--port", taken.stderr)
        self.down(one)
        # The block that was asked for last time is taken now: the next one, and it is said.
        self.up(two)
        out = self.up(one)
        self.assertIn("using those from %d on" % (PORT + 100), out)
        self.assertIn("address  http://127.0.0.1:%d\n" % (PORT + 100), out)
        self.assertTrue(ready(PORT, "gateway") and ready(PORT + 100, "gateway"))
        self.down(two)
        self.assertTrue(ready(PORT + 100, "gateway"))
        self.down(one)
        with socket.socket() as taker:
            taker.bind(("127.0.0.1", PORT + 100 + 14))
            taker.listen()
            taken = self.koppel("up", "--dir", one, "--port", PORT + 100)
            self.assertIn("port %d " % (PORT + 114), taken.stderr)

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
        """The one that does not get ready is named, with the end of its log."""
        stack = self.used_stack()
        self.stand_ins()
        (stack / "broken").write_text("")
        done = self.koppel("up", "--dir", stack)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertIn("gateway is not ready", done.stderr)
        self.assertIn("broken on purpose", done.stderr)
        (stack / "broken").unlink()
        self.assertIn("runs already", self.up(stack))

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
            self.assertIn("HTTP_LISTEN=127.0.0.1:%d" % PORT, environment)
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


@unittest.skipUnless(ROOT, "only root can become another account")
class StackOfAnOrdinaryUser(AsAnyone, Case):
    account = pwd.getpwnam("nobody")


@unittest.skipUnless(ROOT, "only root has a folder that others cannot enter")
class Unreachable(Case):
    def test_closed_folder(self):
        """A checkout that the account cannot enter: the stack goes elsewhere, and the programs still run."""
        self.home.chmod(0o700)
        shutil.copy("/usr/bin/env", self.bin / "koppel-gateway")  # a program, not a script: it tells its environment
        stack = self.stack()
        done = self.koppel("up", "--dir", "stack/", "--port", PORT)
        self.assertEqual(done.returncode, 1)
        self.assertIn("gateway is not ready", done.stderr)
        self.assertTrue(stack.is_symlink())
        place = stack.resolve()
        self.assertEqual(place.parent, pathlib.Path("/var/tmp"))
        self.assertIn("stack    %s\n" % place, done.stdout)
        self.assertIn("BUS_HEALTH=127.0.0.1:%d" % (PORT + 30), (place / "log" / "gateway.log").read_text())
        self.assertIn("stopped", self.down(stack))
        # What is behind the link may be swept away: the stack begins anew.
        shutil.rmtree(place)
        (self.bin / "koppel-gateway").unlink()
        self.up(stack)
        self.assertNotEqual(stack.resolve(), place)

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
