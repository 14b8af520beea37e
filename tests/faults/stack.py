"""The ledger's services with a frame proxy on each edge, failpoints armed, and a disk that can fill up."""
import errno
import json
import os
import pathlib
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "ledger"))
from ledger import PROGRAMS, SERVICES, MiniStack  # noqa: E402
from ministack import eventually, free_ports, write_key  # noqa: E402

FOLLOWS = {"relay": ["source"], "sink": ["source", "relay"]}
PLACES = ["taken", "handled", "commit-sent", "committed", "published", "answered"]
DISK_BYTES = 3 << 30


class FaultStack(MiniStack):
    def __init__(self, chance):
        super().__init__(SERVICES, PROGRAMS, postgres=["-c", "max_wal_size=256MB"])
        self.chance, self.armed = chance, False
        self.proxies, self.front, self.mounted = {}, {}, False
        self.starts = 0

    def build(self):
        self.mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(self.folder)], check=False).returncode == 0
        super().build()

    def __exit__(self, *arguments):
        for proxy in self.proxies.values():
            proxy.stdin.close()
            proxy.wait(10)
        self.proxies = {}
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
            how = "STOP" if self.chance.random() < 0.05 else "KILL"
            # The rare places come by counting all: armed alone, they would leave most processes alive.
            place = self.chance.choice(PLACES) if self.chance.random() < 0.3 else "*"
            n = self.chance.randint(1, 25 if place == "*" else 6)
            environment["BUS_FAILPOINT"] = f"{place}:{n}:{how}"
        return environment

    def start(self, name, program=None):
        self.starts += 1
        return super().start(name, program)

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
