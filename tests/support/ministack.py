"""A private Postgres, CURVE keys and any services built on libbus, for tests. Nothing of the product is assumed.

    with MiniStack(["till", "stock"], programs={"till": "build/bin/example-till", …}) as stack:
        reply = stack.client.command("till", "koppel.till.sell.v1", {"article": "bread", "pieces": 2})
"""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request

from client import Client, write_key
from ports import free_ports
from postgres import Postgres
from waiting import eventually


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
