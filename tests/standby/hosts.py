"""Hosts of their own on this machine: network namespaces on a bridge, with services and Postgres in each."""
import os
import pathlib
import random
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "ledger"))
from ledger import PROGRAMS, SERVICES, MiniStack  # noqa: E402

from client import Client, write_key  # noqa: E402
from postgres import Postgres  # noqa: E402
from waiting import eventually  # noqa: E402


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


def why_not():
    """Why there can be no hosts here, or None."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    name = f"probe{os.getpid()}"
    try:
        ip("netns", "add", name)
        ip("netns", "del", name)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no network namespace can be made: {getattr(error, 'stderr', error)}"
    return None


class Network:
    """A switch in a namespace of its own, where no firewall of this machine sees what passes, and our own cable to it."""

    def __init__(self):
        self.name = f"kop{random.SystemRandom().randrange(1 << 24):06x}"
        self.net = f"10.{random.SystemRandom().randrange(64, 128)}.{random.SystemRandom().randrange(256)}"
        ip("netns", "add", self.name)
        ip("-n", self.name, "link", "add", "switch", "type", "bridge")
        ip("-n", self.name, "link", "set", "switch", "up")
        ip("link", "add", self.name, "type", "veth", "peer", "name", "us", "netns", self.name)
        self.plug("us")
        ip("addr", "add", f"{self.net}.254/24", "dev", self.name)
        ip("link", "set", self.name, "up")

    def plug(self, cable):
        ip("-n", self.name, "link", "set", cable, "master", "switch", "up")

    def unplug(self, cable):
        ip("-n", self.name, "link", "set", cable, "down")

    def close(self):
        ip("netns", "del", self.name)


class Host:
    def __init__(self, network, number):
        self.network = network
        self.address = f"{network.net}.{number}"
        self.name = f"{network.name}-{number}"
        self.cable = f"host{number}"
        self.processes = []
        ip("netns", "add", self.name)
        ip("-n", self.name, "link", "add", "eth0", "type", "veth", "peer", "name", self.cable, "netns", network.name)
        network.plug(self.cable)
        ip("-n", self.name, "addr", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            ip("-n", self.name, "link", "set", device, "up")

    def enter(self, command):
        return ["ip", "netns", "exec", self.name, *map(str, command)]

    def popen(self, command, **more):
        process = subprocess.Popen(self.enter(command), **more)
        self.processes.append(process)
        return process

    def die(self):
        """The cable first: nobody hears a last word."""
        self.network.unplug(self.cable)
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
            process.wait(20)

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait(20)
        ip("netns", "del", self.name)


class HostPostgres(Postgres):
    """A cluster that listens on its host's address."""

    def __init__(self, folder, host):
        folder.mkdir()
        super().__init__(folder)
        self.host = host
        os.chown(folder, self.who["user"], self.who["group"])

    def allow(self, network):
        with open(self.data / "pg_hba.conf", "a") as file:
            file.write(f"host all all {network}.0/24 trust\nhost replication all {network}.0/24 trust\n")

    def refuse(self, role, host):
        """To let the role in again from that host; those who are in stay."""
        rules = self.data / "pg_hba.conf"
        rules.write_text(f"host all {role} {host.address}/32 reject\n" + rules.read_text())
        before = self.psql("SELECT pg_conf_load_time()")
        self.psql("SELECT pg_reload_conf()")
        eventually(lambda: self.psql("SELECT pg_conf_load_time()") != before, what="the rule in force")

    def put_out(self, role, host):
        self.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}' AND client_addr = '{host.address}'")

    def copy_of(self, primary):
        self.run(*self.host.enter([f"{self.bin}/pg_basebackup", "-h", primary.host.address, "-U", "admin", "-D", self.data,
                                   "-R", "-X", "stream", "--checkpoint=fast"]))

    def run(self, *command, **more):
        # The namespace is entered as root; the program runs as whom Postgres accepts.
        if command[:3] == ("ip", "netns", "exec"):
            return subprocess.run([*command[:4], "setpriv", f"--reuid={self.who['user']}", f"--regid={self.who['group']}",
                                   "--clear-groups", *command[4:]], check=True, capture_output=True, text=True, cwd="/")
        return super().run(*command, **more)

    def start(self):
        with open(self.folder / "pg.log", "ab") as log:
            self.process = self.host.popen(
                ["setpriv", f"--reuid={self.who['user']}", f"--regid={self.who['group']}", "--clear-groups",
                 f"{self.bin}/postgres", "-D", self.data, "-k", self.folder, "-h", self.host.address, "-c", "max_connections=60",
                 "-c", "fsync=off"], stdout=log, stderr=log, cwd="/")
        eventually(lambda: self.psql("SELECT 1") == "1", what="Postgres")

    def promote(self):
        self.psql("SELECT pg_promote(true, 30)")


class TwoHosts(MiniStack):
    """Every service on host a, and its standby on host b; Postgres on a, and a synchronous standby of it on b."""

    def __init__(self):
        super().__init__(SERVICES, PROGRAMS)
        self.standbys = {}

    def build(self):
        os.chmod(self.folder, 0o755)
        self.network = Network()
        self.a, self.b = Host(self.network, 1), Host(self.network, 2)
        self.pg_a, self.pg_b = HostPostgres(self.folder / "a", self.a), HostPostgres(self.folder / "b", self.b)
        self.postgres = self.pg_a
        self.pg_a.create()
        self.pg_a.allow(self.network.net)
        self.pg_a.start()
        for name in self.services:
            self.pg_a.add_service(name)
        self.pg_b.copy_of(self.pg_a)
        self.pg_b.start()
        self.pg_a.psql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.pg_a.psql("SELECT pg_reload_conf()")
        eventually(lambda: self.pg_a.psql("SELECT sync_state FROM pg_stat_replication") == "sync", what="a synchronous standby")
        self.keys = self.folder / "keys"
        self.public_keys = {name: write_key(self.keys, name, "peer")[0] for name in self.services}
        self.ports = {name: (7000 + 10 * i, 7001 + 10 * i, 7002 + 10 * i) for i, name in enumerate(self.services)}
        self.events = {name: self.either(ports[0]) for name, ports in self.ports.items()}
        self.requests = {name: self.either(ports[1]) for name, ports in self.ports.items()}
        self.health = {name: f"{self.a.address}:{ports[2]}" for name, ports in self.ports.items()}
        self.client = Client(self)
        for name in self.services:
            self.start(name)
        for name in self.services:
            self.wait_ready(name)
        for name in self.services:
            self.start_standby(name)

    def either(self, port):
        return f"tcp://{self.a.address}:{port}|tcp://{self.b.address}:{port}"

    def environment_on(self, host, name):
        events, requests, health = self.ports[name]
        return {
            **self.service_environment(name),
            "BUS_DATABASE": f"host={self.a.address},{self.b.address} dbname=koppel user={name} "
                            "target_session_attrs=primary connect_timeout=2",
            "BUS_BIND_EVENTS": f"tcp://{host.address}:{events}", "BUS_BIND_REQUESTS": f"tcp://{host.address}:{requests}",
            "BUS_HEALTH": f"{host.address}:{health}", "BUS_STANDBY": "1",
        }

    def start_on(self, host, name, log_name):
        with open(self.folder / log_name, "ab") as log:
            return host.popen([self.programs[name]], env=self.environment_on(host, name), stderr=log)

    def start(self, name, program=None):
        self.processes[name] = self.start_on(self.a, name, f"{name}.log")
        return self.processes[name]

    def start_standby(self, name):
        self.standbys[name] = self.start_on(self.b, name, f"{name}-b.log")
        eventually(lambda: "waiting" in (self.folder / f"{name}-b.log").read_text(), what=f"the standby of {name}")

    def take_over(self, name):
        """From here on the standby is what this stack calls the service."""
        self.processes[name] = self.standbys.pop(name)
        self.health[name] = f"{self.b.address}:{self.ports[name][2]}"
        (self.folder / f"{name}.log").write_bytes((self.folder / f"{name}-b.log").read_bytes())

    def __exit__(self, *_):
        self.processes = {}
        hosts = [getattr(self, which) for which in ("a", "b") if hasattr(self, which)]
        for host in hosts:
            host.close()
        if hasattr(self, "network"):
            self.network.close()
        self.postgres.process = None
        super().__exit__()
