"""A source that breaks every rule: its reader counts what cannot be read, parks what it cannot handle, takes the rest,
and never stops."""
import pathlib
import re
import sys
import threading
import time
import unittest
import urllib.request
import uuid

import msgpack
import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402
from ministack import MiniStack  # noqa: E402
from waiting import eventually  # noqa: E402

WRITER = 7
PACK = msgpack.packb


def event(seq, **header):
    """The header and the data of the source's event at `seq`, packed."""
    header = {"specversion": "1.0", "id": f"e{seq}", "source": "/source", "type": "koppel.source.counted.v1", "subject": "s",
              "time": "2026-11-22T08:20:00Z", "stream": "source", "epoch": 1, "seq": seq, **header}
    return PACK(header), PACK({"subject": "s", "number": seq, "mark": str(uuid.UUID(int=seq))})


def run(pairs):
    return b"".join(b"\x92" + header + data for header, data in pairs)


def array(pairs):
    return PACK([None] * len(pairs))[:1] + run(pairs)


class FakeSource(threading.Thread):
    """Stands in for the source: greets everyone, answers a FETCH from its log, and says what it is told to say."""

    def __init__(self, stack):
        super().__init__(daemon=True)
        self.log, self.ending, self.speaking = {}, threading.Event(), threading.Lock()
        self.context = zmq.Context()
        secret = re.search(r'secret-key = "(.*)"', (stack.keys / "source.key").read_text())[1].encode()
        self.events, self.requests = (self.context.socket(kind) for kind in (zmq.XPUB, zmq.ROUTER))
        for sock, where in ((self.events, stack.events["source"]), (self.requests, stack.requests["source"])):
            sock.curve_server, sock.curve_secretkey, sock.curve_publickey = 1, secret, stack.public_keys["source"]
            sock.linger = 0
            sock.bind(where)

    def answer(self, verb, body):
        head = max(self.log, default=0)
        if verb == b"HELLO":
            return b"WELCOME", PACK({"stream": "source", "seq": body["seq"], "epoch": 1, "writer": WRITER, "first": 1,
                                     "head": head, "max_n": 100})
        if verb != b"FETCH":
            return None
        pairs = [self.log[seq] for seq in range(body["after"] + 1, head + 1)]
        start, to = (body["after"] + 1, head) if pairs else (0, 0)
        return b"BATCH", b"\x87" + b"".join(PACK(x) for x in (
            "req", body["req"], "from", start, "to", to, "head", head, "epoch", 1, "writer", WRITER, "events")) + array(pairs)

    def run(self):
        beaten = 0
        while not self.ending.is_set():
            if time.monotonic() - beaten > 0.5:
                self.beat()
                beaten = time.monotonic()
            if self.requests.poll(50):
                peer, _, verb, body = self.requests.recv_multipart()
                answer = self.answer(verb, msgpack.unpackb(body))
                if answer:
                    self.requests.send_multipart([peer, b"", *answer])

    def send(self, *frames):
        with self.speaking:
            self.events.send_multipart(frames)

    def say(self, place, events):
        self.send(b"batch/source/", place, events)

    def beat(self):
        place = {"stream": "source", "epoch": 1, "writer": WRITER, "seq": max(self.log, default=0)}
        self.send(b"source/HEAD/", PACK(place), b"\x80")

    def heard(self):
        """Whether somebody follows by now."""
        with self.speaking:
            return self.events.poll(0) and b"batch/source/" in self.events.recv()

    def end(self):
        self.ending.set()
        self.join()
        self.context.destroy(linger=0)


class Stack(MiniStack):
    def start(self, name, program=None):
        if name != "source":
            return super().start(name, program)
        self.source = FakeSource(self)
        self.source.start()

    def wait_ready(self, name, seconds=20):
        if name != "source":
            super().wait_ready(name, seconds)

    def __exit__(self, *_):
        super().__exit__()
        self.source.end()


def place(first, last, **more):
    return PACK({"stream": "source", "epoch": 1, "writer": WRITER, "from": first, "to": last, **more})


class HostileSource(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(Stack(["source", "drain"], {"drain": BUILD / "bin/ledger-drain"}))
        self.source = self.stack.source
        eventually(self.source.heard, what="the reader follows")

    def refused(self):
        with urllib.request.urlopen(f"http://{self.stack.health['drain']}/metrics", timeout=20) as answer:
            line, = [x for x in answer.read().decode().splitlines() if x.startswith("libbus_refused_total ")]
        return int(float(line.split()[1]))

    def drained(self):
        return [int(x) for x in self.stack.psql("SELECT number FROM drain.drained ORDER BY seq").split()]

    def test_messages_without_form_are_counted_and_harm_nobody(self):
        good = run([event(1), event(2)])
        broken = [
            (b"", good), (b"\xc0", good), (bytes.fromhex("dfffffffff"), good), (PACK({"writer": "x"}), good),
            (place(0, 1), good), (place(2, 1), good), (place("1", 2), good),
            (place(1, 2), b""), (place(1, 2), bytes.fromhex("dd10000000")), (place(1, 1), b"\x92" + bytes.fromhex("dfffffffff")),
            (place(1, 1), b"\x91" * 60000), (place(1, 2), PACK({"a": 1})), (place(1, 1), PACK(["x", {}])),
            (place(1, 2), array([event(1), event(2)])),
        ]
        before = self.refused()
        for head, events in broken:
            self.source.say(head, events)
        eventually(lambda: self.refused() == before + len(broken), what="each of them counted")
        self.assertEqual(self.drained(), [])
        # What is whole of these may be taken, and nothing is there that the other numbers could mean.
        cut = [(place(1, 3), good), (place(1, 2**62), good), (place(1, 1), good), (place(1, 2), good[:-1]), (place(2, 3), good[3:])]
        for head, events in cut:
            self.source.say(head, events)
        eventually(lambda: self.refused() == before + len(broken) + len(cut), what="each of these counted")
        self.source.say(place(1, 2), good)
        eventually(lambda: self.drained() == [1, 2], what="the good ones taken")

    def test_events_that_cannot_be_read_are_parked_alone(self):
        self.source.log = {seq: event(seq) for seq in range(1, 8)}
        header, data = self.source.log[2]
        self.source.log[2] = (header, b"\x81\xa6number\xa2\xc3\x28")                # text that is none
        self.source.log[4] = (header.replace(b"e2", b"e4"), b"\x82\xa1a\x01\xa1a\x02")  # a key twice
        self.source.log[6] = (b"\x82\xa2id\xa2e6\xa1x\xa2\xc3\x28", data)           # a header that cannot be read
        self.source.say(place(1, 3), run([self.source.log[seq] for seq in (1, 2, 3)]))  # the rest by FETCH
        eventually(lambda: self.stack.psql("SELECT seq FROM drain.position") == "7", what="all of them read")
        dead = [(one["seq"], one["event_id"]) for one in self.stack.client.admin("drain", "ADMIN", {"op": "dead-list"})["dead"]]
        self.assertEqual([seq for seq, _ in dead if seq in (2, 4, 6)], [2, 4, 6])
        self.assertEqual(dict(dead)[6], "e6")
        self.assertEqual(self.drained()[0], 1)
        shown = self.stack.client.admin("drain", "ADMIN", {"op": "dead-show", "source": "source", "seq": 6, "event_id": "e6"})
        self.assertIsNone(shown["header"])


if __name__ == "__main__":
    unittest.main()
