"""The ledger's services with a frame proxy on each edge, a doom on each process, and a disk that can fill up."""
import collections
import errno
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "ledger"))
from ledger import PROGRAMS, SERVICES, MiniStack  # noqa: E402

import crowd  # noqa: E402
from client import write_key  # noqa: E402
from places import Places  # noqa: E402
from ports import free_ports  # noqa: E402
from waiting import eventually  # noqa: E402

FOLLOWS = {"relay": ["source"], "sink": ["source", "relay"]}
DISK_BYTES = 3 << 30
# Every letter that was ever parked: what comes behind such a one may be handled before it.
WAS_PARKED = """
    CREATE TABLE {name}.was_parked (source text, seq bigint); GRANT INSERT ON {name}.was_parked TO {name};
    CREATE FUNCTION {name}.note_parked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO {name}.was_parked VALUES (NEW.source, NEW.seq); RETURN NULL; END $$;
    CREATE TRIGGER was_parked AFTER INSERT ON {name}.dead_letter FOR EACH ROW EXECUTE FUNCTION {name}.note_parked()"""


class FaultStack(MiniStack):
    def __init__(self, chance):
        super().__init__(SERVICES, PROGRAMS, postgres=["-c", "max_wal_size=256MB"])
        self.chance, self.armed = chance, False
        self.places, self.doom = Places(chance), {}
        self.proxies, self.front, self.mounted = {}, {}, False
        self.wronged = collections.Counter()  # messages, by the proxies that have ended
        self.starts = 0

    def build(self):
        self.mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(self.folder)], check=False).returncode == 0
        super().build()
        for name in SERVICES:
            self.psql(WAS_PARKED.format(name=name))
        self.psql("ALTER TABLE sink.ledger ADD COLUMN at timestamptz DEFAULT now()")
        self.psql(f"CREATE ROLE {crowd.NAME} LOGIN")
        self.began = time.time()

    def __exit__(self, *arguments):
        self.proxies_end()
        super().__exit__(*arguments)
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=False)
            self.folder.rmdir()
            self.mounted = False

    # ---- proxies: one process a followed service, an edge of it for each follower

    def proxy_start(self, name):
        followers = [who for who, streams in FOLLOWS.items() if name in streams]
        ports = iter(free_ports(2 * len(followers)))
        public, secret = write_key(self.keys, f"proxy-{name}", "peer")
        edges = []
        for who in followers:
            events, requests = (f"tcp://127.0.0.1:{next(ports)}" for _ in range(2))
            self.front[who, name] = f"{events},{requests}"
            edges.append({"events_front": events, "requests_front": requests, "events_back": self.events[name],
                          "requests_back": self.requests[name]})
        key = (self.keys / f"{name}.key").read_text().split('secret-key = "')[1].split('"')[0]
        config = {"seed": self.chance.getrandbits(32), "public": public.decode(), "secret": secret.decode(),
                  "server_public": self.public_keys[name].decode(), "server_secret": key, "edges": edges}
        proxy = subprocess.Popen([sys.executable, pathlib.Path(__file__).with_name("frame_proxy.py"), json.dumps(config)],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert proxy.stdout.readline() == "ready\n"
        self.proxies[name] = proxy

    def proxies_end(self):
        for proxy in self.proxies.values():
            proxy.stdin.close()
            self.wronged.update(json.loads(proxy.stdout.readline() or "{}"))
            proxy.wait(10)
        self.proxies = {}

    def order(self, order):
        proxy = self.proxies[self.chance.choice([*self.proxies])]
        proxy.stdin.write(json.dumps(order) + "\n")
        proxy.stdin.flush()

    # ---- services

    def service_environment(self, name):
        if name in FOLLOWS and not self.proxies:
            for stream in ("source", "relay"):
                self.proxy_start(stream)
        environment = super().service_environment(name)
        environment["BUS_PEERS"] = ";".join(
            f"{one}=" + self.front.get((name, one), f"{self.events[one]},{self.requests[one]}") for one in SERVICES)
        if self.armed:
            environment["BUS_FAILPOINT"] = self.places.plan()
        return environment

    def start(self, name, program=None):
        """While armed, one that does not come to its place is killed anywhere, soon."""
        self.starts += 1
        process = super().start(name, program)
        if self.armed:
            self.doom[process.pid] = time.monotonic() + self.chance.choice((0.5, 2, 5)) * self.chance.random()
        return process

    def doomed(self, process):
        return self.armed and time.monotonic() >= self.doom.get(process.pid, float("inf"))

    def log_end(self, name):
        """The last line of a service's log, which grows too long to be read every time."""
        with open(self.folder / f"{name}.log", "rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 400))
            return log.read().decode(errors="replace").rstrip("\n").rpartition("\n")[2]

    def letters(self):
        """How many were parked, in all services together."""
        return sum(int(self.psql(f"SELECT count(*) FROM {name}.was_parked")) for name in SERVICES)

    def logged(self, names, *words):
        """How many lines of these logs have one of the words."""
        found = 0
        for name in names:
            with open(self.folder / f"{name}.log", errors="replace") as log:
                found += sum(any(one in line for one in words) for line in log)
        return found

    # ---- the disk

    def fill_disk(self):
        filler = self.folder / "filler"
        with open(filler, "wb") as file:
            for left in (65536, 1 << 20, 8 << 20):  # the database writes meanwhile: what was free may be gone
                disk = os.statvfs(self.folder)
                try:
                    os.posix_fallocate(file.fileno(), 0, max(1, disk.f_bavail * disk.f_bsize - left))
                    break
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
        return filler

    def revive_postgres(self):
        """A full disk may end the whole server."""
        if self.postgres.process.poll() is not None:
            self.postgres.process = None
            (self.postgres.data / "postmaster.pid").unlink(missing_ok=True)
            self.postgres.start()
        eventually(lambda: self.psql("SELECT 1") == "1", 60, "Postgres")

    # ---- what the processes hold

    def held(self):
        """{service: (resident kB, descriptors)}"""
        found = {}
        for name, process in self.processes.items():
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            resident = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
            found[name] = (int(resident), len(os.listdir(f"/proc/{process.pid}/fd")))
        return found

    def stopped(self):
        """The services that a failpoint has stopped."""
        return [name for name, process in self.processes.items()
                if process.poll() is None and " T " in pathlib.Path(f"/proc/{process.pid}/stat").read_text().split(")")[1][:4]]

    def go_on(self, name):
        self.processes[name].send_signal(signal.SIGCONT)
