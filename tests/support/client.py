"""Who talks to services by CURVE, as an operator or a peer does: its key, its questions, a stream's log."""
import itertools
import stat
import time
import uuid

import msgpack
import zmq
from zmq.utils import z85  # noqa: F401  (fails early where CURVE is missing)


class Refused(Exception):
    """A reply whose status is not ok."""

    def __init__(self, status):
        super().__init__(f"{status.get('status')}: {status.get('text')}")
        self.status = status


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
        return self.wait(service, frames[0], self.send(service, *frames), seconds)

    def send(self, service, *frames):
        """The tag of its answer."""
        tag = uuid.uuid4().bytes
        self.dealer(service).send_multipart([tag, b"", *frames])
        return tag

    def wait(self, service, verb, tag, seconds):
        sock = self.dealer(service)
        deadline = time.monotonic() + seconds
        while sock.poll(max(1, int((deadline - time.monotonic()) * 1000))):
            answer = sock.recv_multipart()
            if answer[0] == tag:
                return answer[2:]
        self.forget(service)
        raise TimeoutError(f"{service} did not answer {verb!r} in {seconds} s")

    def admin(self, service, verb, body=None, seconds=10):
        verb_back, answer = self.ask(service, verb.encode(), msgpack.packb(body or {}), seconds=seconds)
        answer = msgpack.unpackb(answer)
        if verb_back == b"ERR":
            raise Refused({"status": answer.get("code"), "text": answer.get("text")})
        return answer

    def request(self, verb, service, type_, data, **more):
        return self.answer(verb, service, type_, data, **more)[1]

    def answer(self, verb, service, type_, data, seconds=10, **header):
        """Status and reply."""
        return self.end(service, self.begin(verb, service, type_, data, **header), seconds)

    def begin(self, verb, service, type_, data, **header):
        header = {"id": str(uuid.uuid4()), "source": f"/{self.name}", "type": type_, "specversion": "1.0", **header}
        return self.send(service, verb, msgpack.packb(header), msgpack.packb(data))

    def end(self, service, tag, seconds=10):
        answer = self.wait(service, b"a request", tag, seconds)
        if answer[0] != b"REPLY":
            raise Refused(msgpack.unpackb(answer[1]))
        status = msgpack.unpackb(answer[1])
        if status["status"] != "ok":
            raise Refused(status)
        return status, msgpack.unpackb(answer[2])

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
            answer = self.admin(service, "FETCH", {"req": req, "after": after, "max_n": 2000, "max_bytes": 1048576})
            events += [(header, data) for header, data in answer["events"]]
            if not answer["events"]:
                return events
            after = answer["to"]

    def close(self):
        for service in list(self.dealers):
            self.forget(service)
        self.context.destroy(linger=0)
