"""A private Postgres, CURVE keys and any services built on libbus, for tests. Nothing of the product is assumed.

    with MiniStack(["till", "stock"], programs={"till": "build/bin/example-till", …}) as stack:
        reply = stack.client.command("till", "koppel.till.sell.v1", {"article": "bread", "pieces": 2})
"""
import contextlib
import fcntl
import glob
import itertools
import os
import pathlib
import pwd
import random
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
import urllib.request
import uuid
import zlib

import msgpack
import zmq
from zmq.utils import z85  # noqa: F401  (fails early where CURVE is missing)

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
STAND_IN = BUILD / "bin/test-speaker"  # says what it is told to say, under the name of any service


class Refused(Exception):
    """A reply whose status is not ok."""

    def __init__(self, status):
        super().__init__(f"{status.get('status')}: {status.get('text')}")
        self.status = status


def eventually(check, seconds=60, what="the condition"):
    """Waits until check() is true and returns what it returned; polls, with a deadline. Refused counts as not yet."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            value = check()
        except (OSError, AssertionError, LookupError, Refused) as error:
            value, reason = None, error
        else:
            reason = value
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come true in {seconds} s: {reason}")
        time.sleep(0.02)


CLAIMS = []  # held for as long as the test runs


def claimed(port):
    """Whether the port is free, and no other test is given it from now on."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0koppel-test-port-{port}")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
    except OSError:
        claim.close()
        return False
    CLAIMS.append(claim)
    return True


def calm(ports):
    """Those of the ports that connections going out do not take by chance; all, where there are too few."""
    low, high = map(int, pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    rest = [port for port in ports if not low <= port <= high]
    return rest if len(rest) > len(ports) // 10 else ports


def free_ports(n):
    """Ports of a test's own, apart from those of whole stacks."""
    among, ports = calm(range(10000, 20000)), []
    while len(ports) < n:
        port = random.SystemRandom().choice(among)
        if claimed(port):
            ports.append(port)
    return ports


def free_block(n):
    """The first of n ports in a row: for whole stacks."""
    among = calm(range(20000, 30000, 100))
    while True:
        first = random.SystemRandom().choice(among)
        if all(claimed(first + i) for i in range(n)):
            return first


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
    def locked(self, table, database="postgres"):
        """Nobody writes to the table; who waited to, and whose process is gone by then, does not write afterwards either."""
        session = subprocess.Popen([f"{self.bin}/psql", "-h", str(self.folder), "-U", "admin", "-d", database, "-XAtq"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/")
        session.stdin.write(f"BEGIN; LOCK TABLE {table} IN EXCLUSIVE MODE; SELECT 'locked';\n")
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


def write_key(keys, name, role, grants=None):
    """A CURVE pair in the files that libbus reads: <name>.key and allowed/<name>.pub."""
    public, secret = (half.decode() for half in zmq.curve_keypair())
    more = f'    grants = "{grants}"\n' if grants is not None else ""
    meta = f'metadata\n    name = "{name}"\n    role = "{role}"\n{more}curve\n    public-key = "{public}"\n'
    allowed = keys / "allowed"
    allowed.mkdir(parents=True, exist_ok=True)
    (allowed / f"{name}.pub").write_text(meta)
    path = keys / f"{name}.key"
    path.write_text(meta + f'    secret-key = "{secret}"\n')
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return public.encode(), secret.encode()


class Client:
    """An operator's DEALER to each service, and SUBs to their streams."""

    def __init__(self, stack, name="koppel", role="operator", grants=None):
        self.stack = stack
        self.context = zmq.Context()
        self.public, self.secret = write_key(stack.keys, name, role, grants)
        self.name = name
        self.dealers = {}

    def secure(self, sock, service):
        sock.curve_publickey, sock.curve_secretkey = self.public, self.secret
        sock.curve_serverkey = self.stack.public_keys[service]
        sock.linger = 0
        return sock

    def dealer(self, service):
        if service not in self.dealers:
            sock = self.secure(self.context.socket(zmq.DEALER), service)
            addresses = self.stack.requests[service].split("|")
            sock.immediate = len(addresses) > 1  # nothing waits for a standby that does not listen yet
            for address in addresses:
                sock.connect(address)
            self.dealers[service] = sock
        return self.dealers[service]

    def forget(self, service):
        sock = self.dealers.pop(service, None)
        if sock is not None:
            sock.close()

    def ask(self, service, *frames, seconds=10):
        sock = self.dealer(service)
        tag = uuid.uuid4().bytes
        sock.send_multipart([tag, b"", *frames])
        deadline = time.monotonic() + seconds
        while sock.poll(max(1, int((deadline - time.monotonic()) * 1000))):
            answer = sock.recv_multipart()
            if answer[0] == tag:
                return answer[2:]
        self.forget(service)
        raise TimeoutError(f"{service} did not answer {frames[0]!r} in {seconds} s")

    def admin(self, service, verb, body=None, seconds=10):
        verb_back, answer = self.ask(service, verb.encode(), msgpack.packb(body or {}), seconds=seconds)
        answer = msgpack.unpackb(answer)
        if verb_back == b"ERR":
            raise Refused({"status": answer.get("code"), "text": answer.get("text")})
        return answer

    def request(self, verb, service, type_, data, seconds=10, **header):
        header = {"id": str(uuid.uuid4()), "source": f"/{self.name}", "type": type_, "specversion": "1.0", **header}
        answer = self.ask(service, verb, msgpack.packb(header), msgpack.packb(data), seconds=seconds)
        if answer[0] != b"REPLY":
            raise Refused(msgpack.unpackb(answer[1]))
        status = msgpack.unpackb(answer[1])
        if status["status"] != "ok":
            raise Refused(status)
        return msgpack.unpackb(answer[2])

    def command(self, service, type_, data, **more):
        return self.request(b"COMMAND", service, type_, data, **more)

    def query(self, service, type_, data, **more):
        return self.request(b"QUERY", service, type_, data, **more)

    def follow(self, service):
        sock = self.secure(self.context.socket(zmq.SUB), service)
        sock.subscribe(f"{service}/")
        sock.connect(self.stack.events[service])
        return sock

    def log(self, service, after=0):
        """The service's whole stream, by catch-up: a list of (header, data)."""
        events = []
        for req in itertools.count(1):
            answer = self.admin(service, "FETCH", {"req": req, "stream": service, "after": after,
                                                   "max_n": 2000, "max_bytes": 1048576})
            events += [(header, data) for header, data in answer["events"]]
            if not answer["events"]:
                return events
            after = answer["to"]

    def close(self):
        for service in list(self.dealers):
            self.forget(service)
        self.context.destroy(linger=0)


class MiniStack:
    def __init__(self, services, programs, environment=None, durable=False, postgres=()):
        self.services, self.programs, self.environment = services, programs, environment or {}
        self.durable = durable
        self.postgres_more = postgres
        self.processes, self.started = {}, {}

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ministack-", dir="/tmp"))
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def build(self):
        self.postgres = Postgres(self.folder, self.durable, self.postgres_more)
        self.postgres.create()
        self.postgres.start()
        self.postgres.psql("REVOKE ALL ON SCHEMA public FROM PUBLIC", "koppel")
        self.keys = self.folder / "keys"
        self.public_keys, self.events, self.requests, self.health = {}, {}, {}, {}
        ports = iter(free_ports(3 * len(self.services)))
        for name in self.services:
            self.postgres.add_service(name)
            self.public_keys[name] = write_key(self.keys, name, "peer")[0]
            self.events[name] = f"tcp://127.0.0.1:{next(ports)}"
            self.requests[name] = f"tcp://127.0.0.1:{next(ports)}"
            self.health[name] = f"127.0.0.1:{next(ports)}"
        self.client = Client(self)
        for name in self.services:
            self.start(name)
        for name in self.services:
            self.wait_ready(name)

    def service_environment(self, name):
        peers = ";".join(f"{one}={self.events[one]},{self.requests[one]}" for one in self.services)
        return {
            **os.environ,
            "BUS_DATABASE": f"host={self.folder} dbname=koppel user={name}",
            "BUS_BIND_EVENTS": self.events[name], "BUS_BIND_REQUESTS": self.requests[name],
            "BUS_KEYS_DIR": str(self.keys), "BUS_PEERS": peers, "BUS_HEALTH": self.health[name],
            "SPEAKER": name,
            **self.environment,
        }

    def start(self, name, program=None):
        with open(self.folder / f"{name}.log", "ab") as log:
            process = subprocess.Popen([program or self.programs[name]], env=self.service_environment(name), stderr=log)
        self.processes[name], self.started[name] = process, time.monotonic()
        return process

    def wait_ready(self, name, seconds=60):
        def ready():
            if self.processes[name].poll() is not None:
                raise RuntimeError(f"{name} ended: {self.log_tail(name)}")
            with urllib.request.urlopen(f"http://{self.health[name]}/readyz", timeout=2) as answer:
                return answer.status == 200
        eventually(ready, seconds, f"{name} ready")

    def log_tail(self, name, lines=20):
        return "\n".join((self.folder / f"{name}.log").read_text().splitlines()[-lines:])

    def kill(self, name, how=signal.SIGKILL):
        process = self.processes.pop(name)
        process.send_signal(how)
        process.wait(20)
        return process.returncode

    def psql(self, sql):
        return self.postgres.psql(sql, "koppel")

    def locked(self, table):
        return self.postgres.locked(table, "koppel")

    def metric(self, service, name):
        with urllib.request.urlopen(f"http://{self.health[service]}/metrics", timeout=20) as answer:
            return next(float(line.split()[1]) for line in answer.read().decode().splitlines() if line.startswith(name + " "))

    def settled(self, seconds=60):
        """Waits until every service has read all it follows, up to heads that no longer move."""
        def heads():
            status = [self.client.admin(name, "STATUS") for name in self.services]
            head = {one["service"]: one["head"] for one in status}
            behind = [(one["service"], f["stream"]) for one in status for f in one["follows"]
                      if f["seq"] < head[f["stream"]]]
            return None if behind else head
        def twice():
            first = heads()
            return first is not None and first == heads()
        eventually(twice, seconds, "all streams read")

    def __exit__(self, *_):
        for process in self.processes.values():  # at once, as each takes a moment to end
            process.send_signal(signal.SIGTERM)
        for name in list(self.processes):
            process = self.processes.pop(name)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if hasattr(self, "client"):
            self.client.close()
        if hasattr(self, "postgres"):
            self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
