#!/usr/bin/python3
"""Readers from outside whose next event is kept no longer: each is told where the log begins, at every door."""
import pathlib
import sys
import unittest

import msgpack
import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from client import Refused  # noqa: E402
from edge import Edge  # noqa: E402
from waiting import eventually  # noqa: E402

SSE = {"Accept": "text/event-stream"}


class Trimmed(Edge):
    SETTINGS = {"BUS_LOG_PARTITION": "10", "BUS_LOG_KEEP_DAYS": "2"}

    def setUp(self):
        """Also those that follow the log, at its end, are there to see what a trim does to them."""
        self.register(10)
        self.epoch, _, end = self.read("end").headers["Koppel-Next"].partition(":")
        self.live_at_end = self.live(after=end, stream="registry")
        self.first = self.trim(int(end) - 10)

    def register(self, n):
        for _ in range(n):
            self.expect(200, self.send("POST", "/v1/commands/register-person", {
                "partnership": "asse", "postcode": "1730", "preferred_language": "ar"}))

    def read(self, after, **headers):
        return self.send("GET", f"/v1/events?stream=registry&after={after}", **headers)

    def trim(self, upto):
        """What was written up to there becomes old and goes, once the readers inside have told that they have it."""
        self.stack.psql(f"UPDATE registry.event_log SET recorded = recorded - interval '3 days' WHERE seq <= {upto}")

        def begins():
            first = self.stack.client.admin("registry", "ADMIN", {"op": "log-trim"})["first"]
            return first if first > upto - 10 else None
        return eventually(begins, what="the log trimmed")

    def adapter_asks(self, verb, **body):
        """An adapter's own key, at the registry's own socket."""
        sock = self.stack.client.context.socket(zmq.DEALER)
        self.addCleanup(sock.close)
        sock.curve_publickey, sock.curve_secretkey = self.adapter_key
        sock.curve_serverkey = self.stack.public_keys["registry"]
        sock.linger, sock.rcvtimeo = 0, 15000
        sock.connect(self.stack.requests["registry"])
        sock.send_multipart([b"", verb, msgpack.packb(body)])
        empty, verb_back, answer = sock.recv_multipart()
        return verb_back, msgpack.unpackb(answer)

    def test_who_comes_too_late_is_told_where_the_log_begins(self):
        for late in ("0", "1", str(self.first - 2), f"{self.epoch}:{self.first - 2}"):
            for answer in (self.read(late), self.read(late, **SSE), self.read(0, Last_Event_ID=late, **SSE)):
                problem = self.expect(410, answer).json
                self.assertIn(f"the log starts at {self.first}", problem["detail"])
            verb, answer = self.adapter_asks(b"FETCH", req=1, after=int(late.rpartition(":")[2]))
            self.assertEqual((verb, answer["code"]), (b"ERR", "TRIMMED"))
            self.assertIn(f"the log starts at {self.first}", answer["text"])
            with self.assertRaises(Refused) as refused:
                self.stack.client.log("registry", int(late.rpartition(":")[2]))
            self.assertIn("TRIMMED", str(refused.exception))
        verb, answer = self.adapter_asks(b"HELLO", proto=1, seq=1, id="whatever it was")
        self.assertEqual((verb, answer["code"]), (b"ERR", "TRIMMED"))

    def test_who_has_read_up_to_there_goes_on(self):
        head = int(self.stack.psql("SELECT last_seq FROM registry.stream_head"))
        kept = list(range(self.first, head + 1))
        for position in (str(self.first - 1), f"{self.epoch}:{self.first - 1}"):
            self.assertEqual([one["seq"] for one in self.expect(200, self.read(position)).json], kept)
            following = self.live(last=position, stream="registry")
            self.assertEqual([following()[0] for _ in kept], kept)
        verb, answer = self.adapter_asks(b"FETCH", req=1, epoch=int(self.epoch), after=self.first - 1)
        self.assertEqual((verb, answer["from"], answer["to"]), (b"BATCH", self.first, head))
        self.register(1)
        self.assertEqual(self.live_at_end()[0], head + 1)


if __name__ == "__main__":
    unittest.main()
