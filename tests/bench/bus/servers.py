"""The peers' servers, each in a folder of its own on loopback ports of its own, ended by its process id."""
import os
import pathlib
import shutil
import socket
import subprocess

from ports import free_ports
from waiting import eventually

HOST = "127.0.0.1"
NOT_INSTALLED = "is not installed (make bench-deps installs it)"
os.environ["PATH"] += ":/usr/sbin"  # where Debian puts servers, and an ordinary user does not look


class Server:
    """`programs` are what must be installed, build/bin/bench-<client> writes and reads; `start` returns the processes and waits
    for nothing."""
    name = client = title = settings = ""
    programs = ()

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / self.name
        self.processes = []

    @classmethod
    def missing(cls):
        """What is not installed, or None."""
        absent = [program for program in cls.programs if not shutil.which(program)]
        return f"{', '.join(absent)} {NOT_INSTALLED}" if absent else None

    def __enter__(self):
        self.folder.mkdir()
        self.port = free_ports(1)[0]
        try:
            self.start()
            eventually(self.answers, 120, f"{self.name} on port {self.port}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def run(self, *command, **environment):
        with open(self.folder / "log", "ab") as log:
            self.processes.append(subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                                   env={**os.environ, **environment}))

    def answers(self):
        if self.processes[-1].poll() is not None:
            raise RuntimeError(f"{self.name} ended: {(self.folder / 'log').read_text()[-2000:]}")
        socket.create_connection((HOST, self.port), 1).close()
        return True

    def version(self):
        raise NotImplementedError

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def said(*command, **environment):
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}).stdout.strip()


class JetStream(Server):
    """BENCH_NATS_SERVER names another than the one on the path."""
    server = os.environ.get("BENCH_NATS_SERVER", "nats-server")
    name, client, title, programs = "jetstream", "jetstream", "NATS JetStream", (server,)
    settings = "file storage; flushed to disk every two minutes (its default), so acknowledged before it is on disk"
    more = ""

    def start(self):
        conf = self.folder / "nats.conf"
        conf.write_text(f'listen: "{HOST}:{self.port}"\njetstream {{ store_dir: "{self.folder}"{self.more} }}\n')
        self.run(self.server, "-c", str(conf))

    @classmethod
    def version(cls):
        return said(cls.server, "--version").split("v")[-1]


class FlushedJetStream(JetStream):
    """What JetStream takes to promise what the others do. Servers before 2.10 refuse the setting."""
    name, title = "jetstream-flushed", "NATS JetStream, flushed"
    settings = "file storage; sync_interval: always, so each event is flushed to disk before it is acknowledged"
    more = ", sync_interval: always"

    @classmethod
    def missing(cls):
        why = super().missing()
        if why is None and tuple(map(int, cls.version().split(".")[:2])) < (2, 10):
            why = f"nats-server {cls.version()} cannot; a later one can be named in BENCH_NATS_SERVER"
        return why


class Redis(Server):
    name, client, title, programs = "redis", "redis", "Redis Streams", ("redis-server",)
    settings = "appendonly yes, appendfsync always, no snapshots, its log not rewritten meanwhile"

    def start(self):
        self.run("redis-server", "--bind", HOST, "--port", str(self.port), "--dir", str(self.folder), "--save", "",
                 "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0")

    def version(self):
        return said("redis-server", "--version").split("v=")[1].split()[0]


class RabbitMQ(Server):
    """Erlang's port mapper is started here, too: otherwise the node leaves one behind."""
    name, client, title, programs = "rabbitmq", "rabbitmq", "RabbitMQ", ("rabbitmq-server", "epmd")
    settings = ("a quorum queue on one node, publisher confirms, persistent messages; the larger segments and soft limit of "
                "commands that its documentation names for small messages and a single publisher")
    node = "/usr/lib/rabbitmq/bin/rabbitmq-server"

    def start(self):
        mapper, distribution = (str(port) for port in free_ports(2))
        plugins, conf, advanced = (self.folder / name for name in ("plugins", "rabbitmq.conf", "advanced.config"))
        plugins.write_text("[].\n")
        conf.write_text(f"listeners.tcp.1 = {HOST}:{self.port}\nraft.segment_max_entries = 32768\n")
        advanced.write_text("[{rabbit, [{quorum_commands_soft_limit, 256}]}].\n")
        base = {"HOME": str(self.folder), "ERL_EPMD_PORT": mapper, "ERL_EPMD_ADDRESS": HOST}
        self.run("epmd", "-port", mapper, "-address", HOST, **base)
        eventually(lambda: socket.create_connection((HOST, int(mapper)), 1).close() is None, what="epmd")
        self.run(self.node, **base, RABBITMQ_NODENAME="bench@localhost", RABBITMQ_DIST_PORT=distribution,
                 RABBITMQ_CONFIG_FILE=str(conf), RABBITMQ_ADVANCED_CONFIG_FILE=str(advanced),
                 RABBITMQ_ENABLED_PLUGINS_FILE=str(plugins),
                 RABBITMQ_MNESIA_BASE=str(self.folder / "data"), RABBITMQ_LOG_BASE=str(self.folder / "logs"),
                 RABBITMQ_CONF_ENV_FILE=str(self.folder / "none"), RABBITMQ_PID_FILE=str(self.folder / "pid"),
                 RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}")

    def version(self):
        return said("dpkg-query", "-W", "-f", "${Version}", "rabbitmq-server").split("-")[0]


SERVERS = (JetStream, FlushedJetStream, Redis, RabbitMQ)
