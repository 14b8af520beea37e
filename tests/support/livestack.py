"""A stack of all six services, as people start one with koppel up: its commands, its database, its edge."""
import json
import os
import subprocess
import urllib.request
import uuid

from built import BUILD, ROOT

KOPPEL = BUILD / "bin/koppel"
LOG = ROOT / "tests/data/duo-loop.log"


def koppel(*arguments, fails=None, usage=False):
    run = subprocess.run([KOPPEL, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT, timeout=300)
    if usage:
        if run.returncode != 2 or "koppel help" not in run.stderr:
            raise AssertionError(f"koppel {arguments[0]} should tell its usage: {run.returncode} {run.stderr}")
        return run.stderr
    if fails is None:
        if run.returncode != 0:
            raise AssertionError(f"koppel {arguments[0]} failed: {run.stderr.strip() or run.stdout.strip()}")
        return run.stdout
    if run.returncode != 1 or run.stderr.count("\n") != 1 or fails not in run.stderr:
        raise AssertionError(f"koppel {arguments[0]} should say {fails}: {run.returncode} {run.stderr}")
    return run.stderr


class Stack:
    def __init__(self, folder):
        self.folder = folder

    def psql(self, sql):
        return self.admin("psql", "-XAtq", "-c", sql).decode().strip()

    def ask(self, path, body=None, kind="application/json"):
        """The edge's answer, as JSON; a refusal is an HTTPError."""
        real = self.folder.resolve()
        port, token = json.loads((real / "stack.json").read_text())["port"], (real / "secrets/token").read_text()
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body and json.dumps(body).encode(),
                                         {"Authorization": f"Bearer {token}", "Content-Type": kind})
        with urllib.request.urlopen(request, timeout=30) as answer:
            self.next = answer.headers["Koppel-Next"]
            return json.load(answer)

    def tell(self, name, **data):
        """A partner's event through the edge; durable on return."""
        self.ask("/v1/events", {
            "specversion": "1.0", "id": data.get("referral_id", str(uuid.uuid4())), "source": "https://vdab.example/adapter",
            "type": f"koppel.gateway.{name}.v1", "data": data}, "application/cloudevents+json")

    def refer(self, personal=None, partnership="testlings", **more):
        """A referral; its id once it is durable."""
        one = str(uuid.uuid4())
        self.tell("referral-received", **{"referral_id": one, "from": "vdab:turnhout", "to": "0887010362", "partner_type": "vdab",
                                          "reason": "language-practice", "partnership": partnership, "postcode": "2200",
                                          **({"personal": personal} if personal else {}), **more})
        return one

    def call(self, name, body):
        run = subprocess.run([KOPPEL, "call", name, "-", "--dir", self.folder], input=json.dumps(body),
                             capture_output=True, text=True, timeout=60)
        if run.returncode != 0:
            raise AssertionError(f"{name}: {run.stderr}")
        return json.loads(run.stdout)

    def admin(self, program, *arguments):
        """One of Postgres' programs on the stack's database; what it printed, as bytes."""
        command, environment = self.as_admin(program, *arguments)
        return subprocess.run(command, env=environment, capture_output=True, check=True).stdout

    def as_admin(self, program, *arguments):
        """Such a program's command and environment."""
        real = self.folder.resolve()
        socket_dir = json.loads((real / "stack.json").read_text())["socket_dir"]
        environment = {**os.environ, "PGPASSWORD": (real / "secrets/db-koppel_admin").read_text()}
        return [program, "-h", socket_dir, "-U", "koppel_admin", "-d", "koppel", *map(str, arguments)], environment

    def status(self):
        """A row per service; koppel status ends with 1 where one is not ready."""
        run = subprocess.run([KOPPEL, "status", "--json", "--dir", self.folder], capture_output=True, text=True, timeout=60)
        if not run.stdout:
            raise AssertionError(f"koppel status: {run.stderr}")
        return json.loads(run.stdout)["services"]

    def live(self):
        return all(one["state"] == "ready" and all(f["lag"] == 0 for f in one["follows"]) for one in self.status())

    def referrals(self):
        return set(self.psql("SELECT referral_id FROM registry.referral").split())
