"""A private Postgres for a test."""
import contextlib
import fcntl
import glob
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import zlib

from built import BUILD
from waiting import eventually


def unprivileged():
    """Postgres refuses root: who it runs as, as keyword arguments of subprocess."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            who = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    raise RuntimeError("no user to run Postgres as")


INITDB = ("-U", "admin", "--auth=trust", "-E", "UTF8", "--locale=C")
DATABASES = """CREATE DATABASE koppel
UPDATE pg_database SET datistemplate = false
DROP DATABASE template0
DROP DATABASE template1
"""


class Postgres:
    """A cluster of its own, on a unix socket, in a folder that goes away."""

    def __init__(self, folder, durable=False, more=()):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "pg"
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.who = unprivileged()
        self.durable = durable
        self.more = more
        self.process = None

    def run(self, *command, **more):
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd="/", **self.who, **more)

    def create(self):
        if self.who:
            os.chown(self.folder, self.who["user"], self.who["group"])
        os.chmod(self.folder, 0o755)
        if self.durable:
            self.make(self.data)
        else:
            subprocess.run(["cp", "-a", self.template(), self.data], check=True)

    def make(self, data, *more):
        """Without the templates of databases: each would be three hundred files more to copy for every test."""
        self.run(f"{self.bin}/initdb", "-D", str(data), *INITDB, *more)
        self.run(f"{self.bin}/postgres", "--single", "-D", str(data), "postgres", input=DATABASES)

    def template(self):
        """A cluster that is made once for all tests of a build: that takes a second or two, and a copy a tenth."""
        made_by = (self.bin, INITDB, DATABASES, self.who.get("user", os.getuid()))
        place = BUILD / f"tests/cluster-{zlib.crc32(repr(made_by).encode()):08x}"
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(f"{place}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not place.exists():
                first, new = self.folder / "first", f"{place}.new"
                self.make(first, "--no-sync")
                shutil.rmtree(new, ignore_errors=True)
                subprocess.run(["cp", "-a", first, new], check=True)
                os.rename(new, place)
        return place

    def start(self):
        sync = [] if self.durable else ["-c", "fsync=off"]
        log = open(self.folder / "pg.log", "ab")
        self.process = subprocess.Popen(
            [f"{self.bin}/postgres", "-D", str(self.data), "-k", str(self.folder), "-h", "",
             "-c", "max_connections=60", *sync, *self.more],
            stdout=log, stderr=log, cwd="/", **self.who)
        log.close()
        eventually(lambda: self.psql("SELECT 1") == "1", 60, "Postgres")

    def stop(self, how=signal.SIGINT):
        if self.process is None:
            return
        self.process.send_signal(how)
        self.process.wait(30)
        self.process = None

    def psql(self, sql, database="postgres"):
        out = subprocess.run([f"{self.bin}/psql", "-h", str(self.folder), "-U", "admin", "-d", database, "-XAtq", "-c", sql],
                             capture_output=True, text=True, cwd="/")
        if out.returncode != 0:
            raise OSError(out.stderr.strip())
        return out.stdout.strip()

    @contextlib.contextmanager
    def locked(self, table, database="postgres", mode="EXCLUSIVE"):
        """Nobody writes to the table; who waited to, and whose process is gone by then, does not write afterwards either."""
        session = subprocess.Popen([f"{self.bin}/psql", "-h", str(self.folder), "-U", "admin", "-d", database, "-XAtq"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/")
        session.stdin.write(f"BEGIN; LOCK TABLE {table} IN {mode} MODE; SELECT 'locked';\n")
        session.stdin.flush()
        try:
            if session.stdout.readline() != "locked\n":
                raise OSError(f"{table} cannot be locked")
            yield
            self.psql("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        finally:
            session.communicate()

    def add_service(self, name):
        self.psql(f"CREATE ROLE {name} LOGIN")
        self.psql(f"CREATE SCHEMA {name} AUTHORIZATION {name}; ALTER ROLE {name} SET search_path = {name}", "koppel")
