"""koppel up, down and status in a folder that goes away, with stand-ins for the services."""
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

from ports import free_block

BIN = pathlib.Path(os.environ.get("BUILD", "build")).resolve() / "bin"
SERVICES = ["gateway", "registry", "matching", "scheduling", "notifications", "reporting"]
ROOT = os.geteuid() == 0

STAND_IN = """#!/usr/bin/python3
import http.server, os, signal, sys
name = os.environ["BUS_DATABASE"].rpartition("user=")[2]
if os.path.exists(os.environ["HOME"] + "/broken-" + name):
    sys.exit("2026-01-05T09:00:00.000000Z error stand-in BUS-BROKEN: this stand-in is broken on purpose\\n"
             "2026-01-05T09:00:00.000001Z info  stand-in stopped")
if os.path.exists(os.environ["HOME"] + "/unwilling"):
    print("2026-01-05T09:00:00.000000Z error gateway BUS-SETTING: WILL is not there", file=sys.stderr)
    sys.exit(2)
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


def wait_for(what, seconds=60):
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


class StandInStack(unittest.TestCase):
    port = None     # the first of two blocks of ports of each class's own
    account = None  # of an ordinary user; None: ourselves
    used = None     # the folder of a stack that has been up before

    @classmethod
    def setUpClass(cls):
        cls.port = free_block(200)

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

    def koppel_begin(self, *args, cwd=None):
        who = {}
        if self.account:
            who = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        return subprocess.Popen([self.bin / "koppel", *map(str, args)], cwd=cwd or self.work, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **who)

    def koppel(self, *args, cwd=None):
        with self.koppel_begin(*args, cwd=cwd) as running:
            try:
                out, err = running.communicate(timeout=120)
            except subprocess.TimeoutExpired:
                running.kill()
                raise
            return subprocess.CompletedProcess(running.args, running.returncode, out, err)

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
            args += ("--port", self.port)
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
