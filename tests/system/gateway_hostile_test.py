#!/usr/bin/python3
"""What cannot hurt the edge: broken and endless input, crowds, people who leave, a kill."""
import concurrent.futures
import http.client
import json
import os
import pathlib
import re
import resource
import signal
import socket
import sys
import threading
import time
import unittest

import msgpack
import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from edge import Edge, ONE, TOKEN, event, referral  # noqa: E402
from waiting import eventually  # noqa: E402

# Eight requests wait of each client at most; a sanitizer keeps for a while what was freed.
CROWD_KIB = (96 + 256 * ("ASAN_OPTIONS" in os.environ)) * 1024


class Hostile(Edge):
    # ---- what comes in

    def test_hostile_adapters(self):
        sock = self.adapter()
        deep = b"\x91" * 5000
        for frames in ([b"PUBLISH"], [b"PUBLISH", b"\xdd\x10\x00\x00\x00"], [b"PUBLISH", deep], [b"PUBLISH", b""],
                       [b"PUBLISH", b"\x80"], [b"PUBLISH", msgpack.packb([])], [b"PUBLISH", msgpack.packb([1])],
                       [b"PUBLISH", msgpack.packb([{"header": 1, "data": 2}])], [b"COMMAND", b"\x80", b"\x80"],
                       [b"PUBLISH", msgpack.packb([self.pair(event())] * 257)],
                       [b"PUBLISH", msgpack.packb([{"header": {"id": b"\xff"}, "data": {}}])]):
            self.assertEqual(self.ask(sock, *frames)[0], "ERR", frames)
        for frames in ([b"PUBLISH"], [b"PUBLISH", msgpack.packb([self.pair(event())])], [b""], [b"", b"publish"],
                       [b"", b"PUBLISH", b"", b"", b"", b""], [b"", b"PUBLISH"] + [b"\x90"] * 29, [b"x"] * 100):
            sock.send_multipart(frames)  # without the empty frame that a reply is found by, or a verb; of too many frames
            self.assertEqual(sock.recv_multipart()[:2], [b"", b"ERR"], frames)
        verb, faults = self.ask(sock, b"PUBLISH", msgpack.packb([{**self.pair(event()), "daat": {}}]))
        self.assertEqual((verb, [one["pointer"] for one in faults]), ("ERR", ["/0/daat"]))
        rogue = self.adapter(tuple(zmq.curve_keypair()))
        rogue.rcvtimeo = 500
        rogue.send_multipart([b"", b"PUBLISH", msgpack.packb([self.pair(event())])])
        with self.assertRaises(zmq.Again):
            rogue.recv_multipart()
        self.assertEqual(self.ask(sock, b"PUBLISH", msgpack.packb([self.pair(event())]))[0], "ACK")

    def test_hostile_bodies(self):
        deep = b"[" * 100000
        for body in (b"", b"{", deep, b'{"a":' * 2000, b'{"id":"\xff\xfe"}', b'{"a":1,"a":2}', b"\x00" * 100, b"nul",
                     b'{"id":"a\\u0000b"}', b"1e999", b'{"n":123456789012345678901234567890}'):
            self.expect(400, self.send("POST", "/v1/events", body, ONE))
        wide = event({**referral(), **{f"k{n}": n for n in range(3000)}})
        self.expect(400, self.publish(wide))
        long = event(referral(external_person="x" * 70000))
        self.assertEqual(self.expect(422, self.publish(long)).places, {"/data"})
        self.expect(413, self.publish([event() for _ in range(257)]))
        self.expect(422, self.publish(event(source="x" * 5000)))
        self.expect(202, self.publish(event()))

    def test_bodies_over_the_limit(self):
        self.memory_kib()
        before = self.memory_kib()
        body = b" " * (10 * 1024 * 1024)
        for _ in range(5):
            self.expect(413, self.send("POST", "/v1/events", body, ONE))
        self.assertLess(self.memory_kib() - before, 8 * 1024)
        self.expect(413, self.send("POST", "/v1/events", body, ONE, token=None))
        early = self.raw(b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n"
                         b"Connection: close\r\n\r\n")
        self.assertTrue(early.startswith(b"HTTP/1.1 413"), early[:100])
        claimed = self.raw(b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n")
        self.assertTrue(claimed.startswith(b"HTTP/1.1 413"), claimed[:100])
        self.assertIn(b"Connection: close", claimed)
        before = self.memory_kib()
        self.expect(413, self.send("POST", "/v1/events", b" " * 40_000_000, ONE))
        self.expect(413, self.send("POST", "/v1/events", (b" " * 1_000_000 for _ in range(40)), ONE))  # in chunks
        self.assertLess(self.memory_kib() - before, 8 * 1024)
        big = [event(referral(external_person="p" * 64, to="t" * 64, **{"from": "f" * 64})) for _ in range(256)]
        self.assertIn(self.publish(big).status, (202, 413))

    def test_adapters_requests_over_the_limit(self):
        words = "the request is over 256 KiB: send fewer events at a time"
        self.memory_kib()
        before = self.memory_kib()
        crowd = [self.adapter() for _ in range(6)]
        for size in (263_000, 1024 * 1024):
            for sock in crowd:
                for _ in range(10):
                    sock.send_multipart([b"", b"PUBLISH", b"x" * size])
            for sock in crowd:
                for _ in range(10):
                    _, verb, faults = sock.recv_multipart()
                    self.assertEqual((verb, [fault["text"] for fault in msgpack.unpackb(faults)]), (b"ERR", [words]))
        self.assertLess(self.memory_kib() - before, CROWD_KIB)
        for sock in crowd:
            sock.send_multipart([b"t" * 500_000, b"", b"PUBLISH", b"\x90"])  # to be given back with the answer
        for sock in crowd:
            self.assertEqual(sock.recv_multipart()[1], b"ERR")
            sock.send_multipart([b"", b"PUBLISH", b"x" * 10_000_000])  # cut off
        self.assertEqual(self.ask(self.adapter(), b"PUBLISH", msgpack.packb([self.pair(event())]))[0], "ACK")
        self.assertLess(self.memory_kib() - before, CROWD_KIB)

    def test_requests_that_are_none(self):
        for data in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"POST /v1/events HTTP/1.1\r\nHost: x\r\n"
                     b"Content-Length: abc\r\n\r\n", b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n",
                     b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 200) for n in range(1000)) + b"\r\n"):
            got = self.raw(data + b"Connection: close\r\n\r\n", seconds=2)
            self.assertFalse(got.startswith(b"HTTP/1.1 2"), got[:100])
        self.expect(200, self.send("GET", "/healthz", token=None))

    def test_headers_that_can_be_read_in_two_ways(self):
        """The connection is closed: what comes behind them may be a body, or another request."""
        hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        token = b"Authorization: Bearer " + TOKEN.encode() + b"\r\n"
        json_ = b"Content-Type: application/json\r\n"
        for headers, words in ((b"Content-Length: 0\r\nContent-Length: 37\r\n" + token, b"Content-Length stands there twice"),
                               (b"Content-Length: 37\r\nTransfer-Encoding: chunked\r\n" + token, b"not both"),
                               (b"Transfer-Encoding: gzip, chunked\r\n" + token, b"but chunked is read"),
                               (b"Content-Length: 0\r\nAuthorization: Bearer x\r\n" + token, b"Authorization stands there twice"),
                               (b"Content-Length: 0\r\nHost: y\r\n" + token, b"Host stands there twice"),
                               (b"Content-Length: 0\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n" + token, b"Idempotency-Key"),
                               (b"Content-Length: 0\r\n" + 2 * json_ + token, b"Content-Type stands there twice")):
            got = self.raw(b"POST /v1/commands/register-person HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n" + hidden)
            self.assertEqual(got.count(b"HTTP/1.1 "), 1, got)
            self.assertTrue(got.startswith(b"HTTP/1.1 400 "), got)
            self.assertIn(b"application/problem+json", got)
            self.assertIn(words, got)

    def test_attributes_as_others_write_them(self):
        for type_, status in (("Application/JSON", 202), ("application/json; charset=utf-8", 202), ("application/json5", 422), ("text/plain", 422)):
            self.expect(status, self.publish(event(datacontenttype=type_)))
        for source in ("urn:x\r\ny", "urn:x\x7f"):
            self.assertEqual(self.expect(422, self.publish(event(source=source))).places, {"/source"})

    def test_bytes_in_headers_paths_and_parameters(self):
        def ask(path=b"/v1/partnerships", method=b"GET", body=b"", headers=b""):
            return self.raw(method + b" " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                            + TOKEN.encode() + b"\r\nContent-Length: %d\r\n" % len(body) + headers + b"\r\n" + body)
        body = b'{"postcode":"1730","preferred_language":"ar"}'
        post = {"path": b"/v1/commands/register-person", "method": b"POST", "body": body}
        json_type = b"Content-Type: application/json\r\n"
        for trace in (b"\xff\xfe", b"\x01", b"a" * 5000, b"00-\xc3\x28-x-01", b" "):
            self.assertTrue(ask(**post, headers=json_type + b"traceparent: " + trace + b"\r\n").startswith(b"HTTP/1.1 200"), trace)
        for key, status in ((b"\xff\xfe", b"200"), (b"x" * 300, b"400")):
            got = ask(**post, headers=json_type + b"Idempotency-Key: " + key + b"\r\n")
            self.assertTrue(got.startswith(b"HTTP/1.1 " + status), got[:200])
        for path in (b"/v1/../../etc/passwd", b"/v1/calendar/../../etc/passwd.ics", b"/v1/calendar/%2e%2e%2fx.ics",
                     b"/v1/people/%2e%2e", b"/v1/people/%00", b"/v1/calendar/%ff%fe.ics", b"/v1/commands/../people", b"/v1//people"):
            got = ask(path)
            self.assertIn(got.split(b" ")[1], (b"404", b"405", b"422"), (path, got[:200]))
        for path in (b"/v1/events?stream=gateway%0d%0aSet-Cookie:%20a=b", b"/v1/events?stream=gateway&after=1%0d%0aX:y",
                     b"/v1/people?partnership=asse%0d%0aX-Evil:%20yes", b"/v1/%0d%0aX-Evil:%20yes"):
            got = ask(path)
            self.assertTrue(got.startswith(b"HTTP/1.1 4"), got[:200])
            head = got.split(b"\r\n\r\n")[0]
            self.assertNotIn(b"Evil", head)
            self.assertNotIn(b"Cookie", head)
        self.expect(200, self.send("GET", "/healthz", token=None))

    def test_a_nul_ends_no_path_and_no_parameter(self):
        self.expect(200, self.send("GET", "/v1/own-token"))
        for path in ("/v1/own-token%00x", "/v1/own-token%00", "/healthz%00", "/board/board.js%00.css"):
            self.expect(404, self.send("GET", path))
        for given in ("partnership=asse%00x", "partnership=asse&name=%00", "partnership=asse&na%00me=x"):
            self.expect(422, self.send("GET", f"/v1/people?{given}"))

    def test_head_of_a_live_stream_has_no_body(self):
        got = self.raw(b"HEAD /v1/events?stream=gateway HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer "
                       + TOKEN.encode() + b"\r\n\r\n", seconds=5)
        self.assertTrue(got.startswith(b"HTTP/1.1 200 "), got)
        self.assertIn(b"Content-Type: text/event-stream\r\n", got)
        self.assertEqual(got.split(b"\r\n\r\n")[1:], [b""])
        eventually(lambda: self.metric("koppel_edge_streams") == 0, what="nobody following")

    def test_thousands_of_connections(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        before, held = self.memory_kib(), []
        beginnings = (b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{", b"GET /v1/pe", b"")
        try:
            for n in range(1800):
                sock = socket.create_connection(("127.0.0.1", self.port), timeout=20)
                held.append(sock)
                sock.sendall(beginnings[n % 3])
            self.expect(200, self.send("GET", "/healthz", token=None))
            self.expect(202, self.publish(event()))
            for n in range(700):  # more than there is room for
                held.append(socket.create_connection(("127.0.0.1", self.port), timeout=20))
            self.assertLess(self.memory_kib() - before, 150 * 1024)
        finally:
            for sock in held:
                sock.close()
        eventually(lambda: self.send("GET", "/healthz", token=None).status == 200, what="a free place")
        eventually(lambda: self.metric("koppel_http_connections") < 20, what="the connections gone")

    def test_who_leaves_before_the_answer_hurts_nobody(self):
        body = json.dumps(event()).encode()
        head = (f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: {ONE}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n").encode()
        for _ in range(100):
            with socket.create_connection(("127.0.0.1", self.port)) as sock:
                sock.sendall(head + body)
        self.expect(202, self.publish(event()))

    # ---- under load, and after a kill

    def test_concurrent_requests_share_commits(self):
        def turns():
            connection = http.client.HTTPConnection(*self.stack.health["gateway"].split(":"))
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
            connection.close()
            return float(re.search(r"^libbus_turns_total (\S+)$", text, re.M)[1])
        before, n = turns(), 400
        def some(_):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            seqs = []
            for _ in range(n // 40):
                connection.request("POST", "/v1/events", json.dumps(event()),
                                   {"Content-Type": ONE, "Authorization": "Bearer " + TOKEN})
                answer = connection.getresponse()
                self.assertEqual(answer.status, 202)
                seqs.append(json.loads(answer.read())[0]["seq"])
            connection.close()
            return seqs
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            seqs = [seq for some_ in pool.map(some, range(40)) for seq in some_]
        self.assertEqual(len(set(seqs)), n)
        self.assertLess(turns() - before, n * 0.8)

    def test_killed_between_requests_nothing_acknowledged_is_lost(self):
        acked, sent = {}, []
        stop = threading.Event()
        def keep_sending():
            while not stop.is_set():
                one = event()
                sent.append(one)
                while not stop.is_set():
                    try:
                        answer = self.publish(one)
                    except OSError:
                        continue
                    except http.client.HTTPException:
                        continue
                    if answer.status == 202:
                        acked[one["id"]] = answer.json[0]["seq"]
                        break
        senders = [threading.Thread(target=keep_sending) for _ in range(4)]
        for sender in senders:
            sender.start()
        try:
            for _ in range(3):
                goal = len(acked) + 40
                eventually(lambda: len(acked) >= goal, what="some events acknowledged")
                self.stack.kill("gateway")
                self.stack.start("gateway")
                self.stack.wait_ready("gateway")
        finally:
            stop.set()
            for sender in senders:
                sender.join()
        self.stack.client.forget("gateway")
        stored = {}
        for header, _ in self.log():
            self.assertNotIn(header["id"], stored if header["id"] in acked else {})
            stored[header["id"]] = header["seq"]
        self.assertEqual({id_: stored.get(id_) for id_ in acked}, acked)

    def test_sigterm_ends_soon_while_people_follow_and_wait(self):
        self.live(after=0)
        started = time.monotonic()
        self.assertEqual(self.stack.kill("gateway", signal.SIGTERM), 0)
        self.assertLess(time.monotonic() - started, 10)
        self.stack.start("gateway")
        self.stack.wait_ready("gateway")
        self.stack.client.forget("gateway")
        self.expect(202, self.publish(event()))


if __name__ == "__main__":
    unittest.main()
