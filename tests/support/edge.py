"""A gateway and a registry on the real bus, and ways to speak with the edge: for the tests of the gateway."""
import http.client
import json
import pathlib
import re
import secrets
import socket
import sys
import threading
import unittest
import uuid

import msgpack
import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools/schema"))
import problems  # noqa: E402
from built import BUILD  # noqa: E402
from client import write_key  # noqa: E402
from ministack import MiniStack  # noqa: E402
from ports import free_ports  # noqa: E402
from waiting import eventually  # noqa: E402

PROGRAMS = {name: BUILD / f"bin/koppel-{name}" for name in ("gateway", "registry")}
TOKEN = secrets.token_hex(24)
ONE, MANY = "application/cloudevents+json", "application/cloudevents-batch+json"
REFERRAL = "koppel.gateway.referral-received.v1"
STATUS = "koppel.gateway.status-changed.v1"
SOURCE = "https://vdab.example/adapter"


def referral(**data):
    return {"referral_id": str(uuid.uuid4()), "from": "vdab:turnhout", "to": "0887010362", "partner_type": "vdab",
            "reason": "language-practice", "partnership": "middenkempen", "postcode": "2200", **data}


def event(data=None, type_=REFERRAL, **attributes):
    return {"specversion": "1.0", "id": str(uuid.uuid4()), "source": SOURCE, "type": type_,
            "data": referral() if data is None else data, **attributes}


class Stand(threading.Thread):
    """A service of our own making: a ROUTER that answers queries with what a test tells it to."""

    def __init__(self, stack, name, endpoint):
        super().__init__(daemon=True)
        self.sock = stack.client.context.socket(zmq.ROUTER)
        self.sock.curve_server, self.sock.linger = True, 0
        self.sock.curve_publickey, self.sock.curve_secretkey = write_key(stack.keys, name, "peer")
        self.sock.bind(endpoint)
        self.asked, self.answer, self.ending = [], None, False

    def run(self):
        while not self.ending:
            if not self.sock.poll(50):
                continue
            identity, tag, empty, verb, header, data = self.sock.recv_multipart()
            self.asked.append((msgpack.unpackb(header)["type"], msgpack.unpackb(data)))
            status, reply = self.answer(*self.asked[-1])
            frames = [reply if isinstance(reply, bytes) else msgpack.packb(reply)]
            self.sock.send_multipart([identity, tag, empty, b"REPLY", msgpack.packb(status), *frames])
        self.sock.close()

    def end(self):
        self.ending = True
        self.join()


class Stack(MiniStack):
    """Also tells the gateway of services that are none of the stack's."""

    def __enter__(self):
        self.stands, self.standing = dict(zip(("reporting", "scheduling"), free_ports(2))), {}
        return super().__enter__()

    def service_environment(self, name):
        environment = super().service_environment(name)
        for stand, port in self.stands.items():
            environment["BUS_PEERS"] += f";{stand}=tcp://127.0.0.1:{port},tcp://127.0.0.1:{port}"
        return environment


class Told:
    """What the OpenAPI document says of each call: an answer that it does not know is a fault of one of the two."""
    paths = json.loads((BUILD / "gen/openapi.json").read_text(encoding="utf-8"))["paths"]
    calls = [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), methods) for path, methods in paths.items()]

    @classmethod
    def check(cls, method, path, answer):
        for form, methods in cls.calls:
            if form.fullmatch(path.split("?")[0]) and method.lower() in methods:
                told = methods[method.lower()]["responses"]
                assert str(answer.status) in told or answer.status == 304, f"{method} {path}: {answer.status}, not one of {sorted(told)}"
                if code := answer.status >= 400 and answer.json.get("code"):
                    of_status = problems.CODES.get(answer.status, [])
                    assert code in of_status, f"{method} {path}: {answer.status} {code}, not one of {of_status}"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def places(self):
        return {fault["pointer"] for fault in self.json.get("errors", [])}


class Edge(unittest.TestCase):
    SETTINGS = {}  # of both services, beside their own

    @classmethod
    def setUpClass(cls):
        cls.port, adapters = free_ports(2)
        cls.door = f"tcp://127.0.0.1:{adapters}"
        cls.stack = cls.enterClassContext(Stack(["gateway", "registry"], PROGRAMS, {
            "INSZ_KEY": secrets.token_hex(32), "HTTP_LISTEN": f"127.0.0.1:{cls.port}", "ADAPTER_BIND": cls.door,
            "DEV_TOKEN": TOKEN, "BUS_LOG_LEVEL": "debug", **cls.SETTINGS}))
        cls.adapter_key = write_key(cls.stack.keys, "adapter", "adapter",
                                    f"source={SOURCE} source=urn:koppel:adapter:adapter reads=registry")
        for name, members in (("middenkempen", ["13011", "13010"]), ("asse", ["23002"])):
            cls.form_partnership(name, members)

    @classmethod
    def form_partnership(cls, name, members):
        """Ready each by itself, the services may not have found each other yet: as a client, it asks again."""
        body = {"partnership": name, "name": name.title(), "since": "2021-01-01", "lead_nis": members[0],
                "municipalities": [{"nis": nis} for nis in members]}

        def answered():
            answer = cls.send("POST", "/v1/commands/form-partnership", body, Idempotency_Key=f"form {name}")
            if answer.status >= 500:
                raise OSError(answer.body)
            return answer

        answer = eventually(answered, 60, f"the partnership {name}")
        assert answer.status == 200, answer.body

    # ---- asking

    @classmethod
    def send(cls, method, path, body=None, type_=None, token=TOKEN, timeout=20, **headers):
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", cls.port, timeout=timeout)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            headers["Authorization"] = "Bearer " + token
        if body is not None:
            headers["Content-Type"] = type_ or "application/json"
            body = json.dumps(body) if isinstance(body, (dict, list)) else body
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer = Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        if method != "HEAD":
            Told.check(method, path, answer)
        return answer

    @classmethod
    def publish(cls, events, **more):
        return cls.send("POST", "/v1/events", events, MANY if isinstance(events, list) else ONE, **more)

    def expect(self, status, answer):
        self.assertEqual(answer.status, status, answer.body)
        if status >= 400:
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
            self.assertEqual(answer.json["status"], status)
            self.assertTrue(answer.json["title"] and answer.json["detail"])
        return answer

    def token(self, *scopes, **more):
        return self.expect(200, self.send("POST", "/v1/commands/create-token", {
            "name": "adapter:test", "scopes": list(scopes), "sources": [SOURCE], **more})).json

    def log(self):
        return [(header, data) for header, data in self.stack.client.log("gateway") if header.get("kind") != "command"]

    def metric(self, name):
        text = self.send("GET", "/metrics", token=None).body.decode()
        return float(re.search(rf"^{re.escape(name)} (\S+)$", text, re.M)[1])

    def raw(self, data, seconds=10):
        """Bytes as they are, and all that comes back until the other side closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as sock:
            sock.sendall(data)
            got = b""
            try:
                while chunk := sock.recv(65536):
                    got += chunk
            except (ConnectionResetError, socket.timeout):
                pass
            return got

    def memory_kib(self):
        status = pathlib.Path(f"/proc/{self.stack.processes['gateway'].pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    # ---- services of a test's own, streams, adapters

    def stand(self, name, answer):
        """One a service for all tests: who lost a connection waits for a while before the next attempt."""
        if name not in self.stack.standing:
            stand = self.stack.standing[name] = Stand(self.stack, name, f"tcp://127.0.0.1:{self.stack.stands[name]}")
            stand.start()
            self.addClassCleanup(stand.end)
        stand = self.stack.standing[name]
        stand.asked, stand.answer = [], answer
        return stand

    def live(self, after=None, last=None, token=TOKEN, stream="gateway"):
        """A connection that follows a stream: a function that reads its next event."""
        return self.lives(1, after, last, token, stream)[0]

    def lives(self, n, after=None, last=None, token=TOKEN, stream="gateway"):
        """So many, and all of them have asked before the first is answered."""
        asked = [self.ask_live(after, last, token, stream) for _ in range(n)]
        return [self.read_live(connection.getresponse()) for connection in asked]

    def ask_live(self, after, last, token, stream):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        self.addCleanup(connection.close)
        headers = {"Authorization": "Bearer " + token, "Accept": "text/event-stream"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        connection.request("GET", f"/v1/events?stream={stream}" + (f"&after={after}" if after is not None else ""), None, headers)
        return connection

    def read_live(self, answer):
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/event-stream"))

        def following():
            fields = {}
            while True:
                line = answer.readline().decode()
                if not line:
                    raise EOFError("the stream has ended")
                line = line.rstrip("\n")
                if not line and "data" in fields:
                    return int(fields["id"].partition(":")[2]), json.loads(fields["data"])
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    fields[name] = value
        return following

    def adapter(self, key=None):
        sock = self.stack.client.context.socket(zmq.DEALER)
        self.addCleanup(sock.close)
        sock.curve_publickey, sock.curve_secretkey = key or self.adapter_key
        sock.curve_serverkey = self.stack.public_keys["gateway"]
        sock.linger, sock.rcvtimeo = 0, 15000
        sock.connect(self.door)
        return sock

    def ask(self, sock, *frames):
        sock.send_multipart([b"", *frames])
        empty, verb, body = sock.recv_multipart()
        self.assertEqual(empty, b"")
        return verb.decode(), msgpack.unpackb(body)

    @staticmethod
    def pair(one):
        return {"header": {k: v for k, v in one.items() if k != "data"}, "data": one["data"]}
