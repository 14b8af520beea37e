"""What should never come in: strangers' keys, and frames made to break the reader, by a key that is allowed."""
import os
import pathlib
import sys
import unittest
import urllib.request
import uuid

import msgpack
import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402
from ministack import MiniStack  # noqa: E402
from waiting import eventually  # noqa: E402

PROGRAMS = {"till": BUILD / "bin/example-till", "stock": BUILD / "bin/example-stock"}
BOMB = bytes.fromhex("dd10000000")
GOOD = {"id": "x", "source": "/t", "type": "koppel.till.sell.v1", "specversion": "1.0"}


def text(value):
    return bytes([0xA0 | len(value)]) + value


BODIES = {
    "the five-byte bomb": BOMB,
    "the bomb as a value": b"\x81" + text(b"id") + BOMB,
    "a map that claims 4 billion": bytes.fromhex("dfffffffff"),
    "a text that claims 4 GB": b"\x81" + text(b"id") + bytes.fromhex("dbffffffff") + b"x",
    "endless nesting": b"\x91" * 60000,
    "nested maps": b"\x81\xa1a" * 20000 + b"\xc0",
    "duplicate keys": b"\x82" + (text(b"id") + text(b"1")) * 2,
    "invalid UTF-8": b"\x81" + text(b"id") + text(b"\xc3\x28"),
    "a surrogate": b"\x81" + text(b"id") + text(b"\xed\xa0\x80"),
    "something after the end": msgpack.packb(GOOD) + b"\x00",
    "no map": msgpack.packb([1, 2, 3]),
    "nothing": b"",
    "binary and extensions": b"\x81" + text(b"id") + b"\xc4\x01x",
    "cut off": msgpack.packb(GOOD)[:-3],
    "many small values": bytes.fromhex("dc4000") + b"\x90" * 0x4000,
    "a quarter megabyte, all but": b"\x81" + text(b"id") + b"\xdb" + (200000).to_bytes(4, "big") + b"x" * 200000,
}

# A sanitizer keeps for a while what was freed.
GROWTH_KB = 262144 if "ASAN_OPTIONS" in os.environ else 8192


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = cls.enterClassContext(MiniStack(["till", "stock"], PROGRAMS))
        cls.client = cls.stack.client

    def sell(self):
        return self.client.command("till", "koppel.till.sell.v1", {"article": "tea", "pieces": 1})

    def resident(self):
        pid = self.stack.processes["till"].pid
        line, = [x for x in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmRSS")]
        return int(line.split()[1])

    def refused(self):
        with urllib.request.urlopen(f"http://{self.stack.health['till']}/metrics", timeout=20) as answer:
            line, = [x for x in answer.read().decode().splitlines() if x.startswith("libbus_refused_total ")]
        return float(line.split()[1])

    def answer(self, frames, seconds=20):
        """The answer to frames sent as they are, or None: a message without form gets none, and is counted."""
        sock = self.client.dealer("till")
        tag = uuid.uuid4().bytes
        before = self.refused()
        sock.send_multipart([tag, b"", *frames])
        def settled():
            while sock.poll(20):
                got = sock.recv_multipart()
                if got[0] == tag:
                    return got[2:]
            return "dropped" if self.refused() > before else None
        got = eventually(settled, seconds, f"an answer or a count for {[f[:20] for f in frames]}")
        return None if got == "dropped" else got

    def assert_refused(self, got, what):
        if got is None:
            return
        status = msgpack.unpackb(got[1])
        self.assertIn(got[0], (b"ERR", b"REPLY"), what)
        self.assertNotEqual(status.get("status"), "ok", what)
        self.assertTrue(status["text"], what)

    def test_a_stranger_gets_in_nowhere(self):
        public, secret = zmq.curve_keypair()
        refused = self.stack.metric("till", "libbus_refused_total")
        for kind, where, first in ((zmq.DEALER, self.stack.requests["till"], b""), (zmq.SUB, self.stack.events["till"], None)):
            with self.subTest(where=where), zmq.Context() as context, context.socket(kind) as sock:
                sock.curve_publickey, sock.curve_secretkey = public, secret
                sock.curve_serverkey, sock.linger = self.stack.public_keys["till"], 0
                if kind == zmq.SUB:
                    sock.subscribe("")
                sock.connect(where)
                if kind == zmq.DEALER:
                    sock.send_multipart([first, b"STATUS", msgpack.packb({})])
                else:
                    self.sell()
                self.assertEqual(sock.poll(2500), 0)  # more than two beats
        self.assertGreater(self.stack.metric("till", "libbus_refused_total"), refused)
        eventually(lambda: f'by the key "{public.decode()[:8]}' in self.stack.log_tail("till", 200), what="the key in the log")

    def test_a_stranger_without_curve_gets_in_nowhere(self):
        with zmq.Context() as context, context.socket(zmq.DEALER) as sock:
            sock.linger = 0
            sock.connect(self.stack.requests["till"])
            sock.send_multipart([b"", b"STATUS", msgpack.packb({})])
            self.assertEqual(sock.poll(1500), 0)

    def test_bodies_made_to_break_the_reader(self):
        good = msgpack.packb(GOOD)
        for _ in range(3):
            for what, body in BODIES.items():
                for verb in (b"HELLO", b"FETCH", b"STEP", b"HOLD", b"ADMIN"):
                    self.assert_refused(self.answer([verb, body]), (verb, what))
                for verb in (b"COMMAND", b"QUERY"):
                    self.assert_refused(self.answer([verb, body, msgpack.packb({})]), (verb, what))
                    self.assert_refused(self.answer([verb, good, body]), (verb, what, "data"))
        before = self.resident()
        for what, body in BODIES.items():
            for verb in (b"HELLO", b"FETCH", b"STEP", b"HOLD", b"ADMIN"):
                for _ in range(20):
                    self.answer([verb, body])
        self.assertLess(self.resident(), before + GROWTH_KB, "kilobytes")
        self.sell()

    def test_wrong_numbers_of_frames(self):
        good, data = msgpack.packb(GOOD), msgpack.packb({})
        for frames in ([], [b""], [b"COMMAND"], [b"COMMAND", good], [b"QUERY", good], [b"HELLO"], [b"FETCH"], [b"STEP"],
                       [b"HOLD"], [b"ADMIN"], [b"HELLO", data, data], [b"COMMAND", good, data, data], [b"ADMIN"] + [data] * 60,
                       [b"lower", data], [b"A" * 100, data], [b"NOSUCHVERB", data], [b"\xff\xfe", data]):
            self.assert_refused(self.answer(frames), frames)
        self.sell()

    def test_a_frame_over_the_limit_ends_the_connection_and_nothing_else(self):
        before = self.resident()
        for _ in range(5):
            self.client.dealer("till").send_multipart([b"t", b"", b"COMMAND", msgpack.packb(GOOD), b"x" * 10_000_000])
            self.assertEqual(self.client.dealer("till").poll(200), 0)
            self.client.forget("till")
        self.sell()
        self.assertLess(self.resident(), before + GROWTH_KB, "kilobytes")

    def test_another_version_of_the_protocol_is_refused(self):
        for proto, verb, code in ((1, b"WELCOME", None), (2, b"ERR", "INVALID"), (0, b"ERR", "INVALID")):
            got = self.answer([b"HELLO", msgpack.packb({"proto": proto, "seq": 0, "id": ""})])
            self.assertEqual((got[0], msgpack.unpackb(got[1]).get("code")), (verb, code), got)

    def test_fetches_beyond_reason_are_bounded(self):
        for body in ({"req": 1, "after": -5}, {"req": 2**62, "after": 0, "max_n": 2**60, "max_bytes": 2**60},
                     {"after": "x"}, {}):
            got = self.answer([b"FETCH", msgpack.packb({"epoch": 1, **body})])
            self.assertIn(got[0], (b"ERR", b"BATCH"))
        for after in (2**62, 2**63 - 1):
            got = self.answer([b"FETCH", msgpack.packb({"epoch": 1, "req": 1, "after": after})])
            self.assertEqual((got[0], msgpack.unpackb(got[1]).get("code")), (b"ERR", "DIVERGED"), got)
        self.sell()


if __name__ == "__main__":
    unittest.main()
