"""A compose project of its own: brought up from docker-compose.yml, spoken to over HTTP, taken away without a trace."""
import http.client
import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ("gateway", "registry", "matching", "scheduling", "notifications", "reporting")
BASE = "debian:bookworm-slim"


def output(*command, seconds=120):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, str(error)
    return done.returncode, done.stdout + done.stderr


def compose_command():
    """docker-compose, or the plugin; None where there is neither."""
    if os.environ.get("COMPOSE"):
        return os.environ["COMPOSE"].split()
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    return ["docker", "compose"] if output("docker", "compose", "version")[0] == 0 else None


def why_not():
    """Why no container can be run here; None when they can."""
    if not shutil.which("docker"):
        return "docker is not installed"
    if output("docker", "info")[0] != 0:
        return "no Docker engine answers: is it running, and may this account use it?"
    if compose_command() is None:
        return "neither docker-compose nor the compose plugin is installed"
    if output("docker", "image", "inspect", BASE)[0] != 0 and output("docker", "pull", "--quiet", BASE)[0] != 0:
        return f"the image {BASE} is not here and cannot be pulled"
    return None


def eventually(check, seconds, what):
    """Waits until check() is true, and returns what it returned."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            value = reason = check()
        except (OSError, LookupError, ValueError, http.client.HTTPException) as error:
            value, reason = None, error
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s: {reason}")
        time.sleep(0.1)


def free_ports(n):
    held = [socket.socket() for _ in range(n)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status}: {body[:500]}")
        self.status = status


class Project:
    def __init__(self):
        self.name = "koppel-test-" + secrets.token_hex(3)
        self.port, self.adapter_port = free_ports(2)
        self.token = None

    def compose(self, *arguments, seconds=300, stdin=None, ends=(0,)):
        environment = {**os.environ, "KOPPEL_PORT": str(self.port), "KOPPEL_ADAPTER_PORT": str(self.adapter_port),
                       "KOPPEL_TAG": self.name}
        done = subprocess.run([*compose_command(), "-f", str(ROOT / "docker-compose.yml"), "-p", self.name, *arguments],
                              cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds,
                              input=stdin)
        if done.returncode not in ends:
            raise OSError(f"compose {' '.join(arguments)}: {(done.stdout + done.stderr)[-3000:]}")
        return done.stdout

    def docker(self, *arguments, seconds=120):
        code, text = output("docker", *arguments, seconds=seconds)
        if code != 0:
            raise OSError(f"docker {' '.join(arguments)}: {text[-2000:]}")
        return text.strip()

    # ---- coming and going

    def up(self):
        self.compose("up", "-d")
        self.ready()

    def ready(self):
        for service in ("postgres", *SERVICES):
            eventually(lambda: self.inspect(service)["State"]["Health"]["Status"] == "healthy", 90, f"{service} healthy")
        self.token = self.compose("exec", "-T", "gateway", "cat", "/run/koppel/secrets/token").strip()

    def remove(self):
        """Containers, networks, volumes. Images stay under names that the next run takes over: it builds from them."""
        images = self.compose("images", "-q").split() if self.containers() else []
        for number, image in enumerate(sorted(set(images))):
            output("docker", "tag", image, f"koppel-test-cache:{number}")
        self.compose("down", "-v", "--rmi", "local", "--remove-orphans")
        names = self.docker("images", "--format", "{{.Repository}}:{{.Tag}}").split()
        mine = [name for name in names if name.startswith(self.name) or name == f"koppel-tools:{self.name}"]
        if mine:
            self.docker("rmi", *mine)
        output("docker", "image", "prune", "--force", "--filter", "label=koppel.stage=build", "--filter", "until=24h")

    # ---- containers

    def containers(self):
        return self.compose("ps", "-q").split()

    def id(self, service):
        return self.compose("ps", "-q", service).strip()

    def inspect(self, service):
        return json.loads(self.docker("inspect", self.id(service)))[0]

    def inspect_all(self):
        """{service: its container}, those that have ended too."""
        ids = self.docker("ps", "-aq", "--filter", f"label=com.docker.compose.project={self.name}").split()
        found = json.loads(self.docker("inspect", *ids))
        return {one["Config"]["Labels"]["com.docker.compose.service"]: one for one in found}

    def crash(self, service):
        """Kills the container's first process from outside, so that the engine sees it die by itself."""
        before = self.inspect(service)
        image = self.inspect("gateway")["Image"]
        self.docker("run", "--rm", "--pid", "host", "--user", "0", "--entrypoint", "bash", image, "-c",
                    f"kill -9 {before['State']['Pid']}")
        eventually(lambda: self.inspect(service)["RestartCount"] > before["RestartCount"], 60, f"{service} restarted")

    def status(self):
        """{service: its state}, as the command line tells it."""
        told = json.loads(self.compose("run", "--rm", "-T", "koppel", "status", "--json", seconds=60, ends=(0, 1)))
        return {row["service"]: row["state"] for row in told["services"]}

    # ---- HTTP

    def ask(self, method, path, body=None, type_="application/json", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Authorization"] = "Bearer " + self.token
        if body is not None:
            headers["Content-Type"] = type_
            body = json.dumps(body)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            self.next, self.head = answer.headers["Koppel-Next"], answer.headers["Koppel-Head"]
        finally:
            connection.close()
        if answer.status >= 500:
            raise OSError(f"{answer.status}: {text}")
        if answer.status >= 400:
            raise Refused(answer.status, text)
        return json.loads(text)

    def get(self, path):
        return self.ask("GET", path)

    def command(self, name, /, **data):
        """With a key, so that after silence it can be sent again and happens once."""
        key = secrets.token_hex(16)
        return eventually(lambda: [self.ask("POST", f"/v1/commands/{name}", data, Idempotency_Key=key)], 60, name)[0]

    def publish(self, event):
        return eventually(lambda: self.ask("POST", "/v1/events", event, "application/cloudevents+json"), 60,
                          "an acknowledgement")[0]

    def log(self, stream):
        """Every event of a stream, as CloudEvents."""
        events, self.next, self.head = [], "1:0", "1"
        while int(self.next.partition(":")[2]) < int(self.head):
            events += self.get(f"/v1/events?stream={stream}&after={self.next}")
        return events
