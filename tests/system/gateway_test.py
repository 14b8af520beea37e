#!/usr/bin/python3
"""The gateway's edge on the real bus: what it takes, what it refuses and in which words, and what cannot hurt it."""
import base64
import concurrent.futures
import http.client
import json
import pathlib
import re
import resource
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
import uuid

import msgpack
import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ministack import BUILD, ROOT, MiniStack, eventually, free_ports, write_key  # noqa: E402

PROGRAMS = {name: BUILD / f"bin/koppel-{name}" for name in ("gateway", "registry")}
TOKEN = secrets.token_hex(24)
ONE, MANY = "application/cloudevents+json", "application/cloudevents-batch+json"
REFERRAL = "koppel.gateway.referral-received.v1"
STATUS = "koppel.gateway.status-changed.v1"


def referral(**data):
    return {"referral_id": str(uuid.uuid4()), "from": "vdab:turnhout", "to": "0887010362", "partner_type": "vdab",
            "reason": "language-practice", "partnership": "middenkempen", "postcode": "2200", **data}


def event(data=None, type_=REFERRAL, **attributes):
    return {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "https://vdab.example/adapter", "type": type_,
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


class Stack(MiniStack):
    """Also tells the gateway of services that are none of the stack's."""

    def __enter__(self):
        self.stands = dict(zip(("reporting", "scheduling"), free_ports(2)))
        return super().__enter__()

    def service_environment(self, name):
        environment = super().service_environment(name)
        for stand, port in self.stands.items():
            environment["BUS_PEERS"] += f";{stand}=tcp://127.0.0.1:{port},tcp://127.0.0.1:{port}"
        return environment


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
    @classmethod
    def setUpClass(cls):
        cls.port, adapters = free_ports(2)
        cls.door = f"tcp://127.0.0.1:{adapters}"
        cls.stack = Stack(["gateway", "registry"], PROGRAMS, {
            "INSZ_KEY": secrets.token_hex(32), "HTTP_LISTEN": f"127.0.0.1:{cls.port}", "ADAPTER_BIND": cls.door,
            "DEV_TOKEN": TOKEN, "BUS_LOG_LEVEL": "debug"})
        cls.stack.__enter__()
        cls.addClassCleanup(cls.stack.__exit__)
        cls.adapter_key = write_key(cls.stack.keys, "adapter", "adapter")
        for name, nis in (("middenkempen", "13011"), ("asse", "23002")):
            answer = cls.send("POST", "/v1/commands/form-partnership", {
                "partnership": name, "name": name.title(), "since": "2021-01-01", "lead_nis": nis,
                "municipalities": [{"nis": nis}]})
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
            body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

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

    def token(self, *scopes, **limits):
        return self.expect(200, self.send("POST", "/v1/commands/create-token", {
            "name": "adapter:test", "scopes": list(scopes), **limits})).json

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

    # ---- events

    def test_an_event_is_acknowledged_with_its_place_and_stands_in_the_stream(self):
        one = event(referral(preferred_language="uk"), time="2026-07-01T09:30:00")
        (ack,) = self.expect(202, self.publish(one)).json
        self.assertEqual((ack["id"], ack["stream"], ack["duplicate"]), (one["id"], "gateway", False))
        (header, data), = [(h, d) for h, d in self.log() if h["seq"] == ack["seq"]]
        self.assertEqual(data, one["data"])
        self.assertEqual(header["id"], one["id"])
        self.assertEqual(header["actor"], "developer")
        self.assertEqual(header["partnership"], "middenkempen")
        self.assertEqual(header["subject"], one["data"]["referral_id"])
        self.assertEqual(header["time"], "2026-07-01T07:30:00Z")  # without a zone: Belgian

    def test_without_a_time_it_is_now(self):
        (ack,) = self.publish(event()).json
        (time_,) = [h["time"] for h, _ in self.log() if h["seq"] == ack["seq"]]
        self.assertEqual(time_[:10], time.strftime("%Y-%m-%d", time.gmtime()))

    def test_times_in_the_data_without_a_zone_are_belgian(self):
        (ack,) = self.publish(event(referral(appointment="2026-12-01T09:30"))).json
        (data,) = [d for h, d in self.log() if h["seq"] == ack["seq"]]
        self.assertEqual(data["appointment"], "2026-12-01T08:30:00Z")

    def test_the_same_again_has_the_first_place_and_other_content_is_a_conflict(self):
        one = event()
        (first,) = self.expect(202, self.publish(one)).json
        (again,) = self.expect(202, self.publish(dict(reversed(one.items())))).json
        self.assertEqual(again, {**first, "duplicate": True})
        other = {**one, "data": {**one["data"], "postcode": "2250"}}
        self.expect(409, self.publish(other))
        self.assertEqual(len([h for h, _ in self.log() if h["id"] == one["id"]]), 1)
        elsewhere = {**one, "source": "https://ocmw.example"}
        self.assertFalse(self.expect(202, self.publish(elsewhere)).json[0]["duplicate"])

    def test_a_batch_is_all_or_nothing(self):
        batch = [event() for _ in range(5)]
        acks = self.expect(202, self.publish(batch)).json
        self.assertEqual([ack["id"] for ack in acks], [one["id"] for one in batch])
        self.assertEqual([ack["seq"] - acks[0]["seq"] for ack in acks], [0, 1, 2, 3, 4])
        before = len(self.log())
        faulty = [event(), event(referral(postcode="x")), event()]
        self.assertEqual(self.expect(422, self.publish(faulty)).places, {"/1/data/postcode"})
        clashing = [event(), {**batch[0], "data": referral()}]
        self.expect(409, self.publish(clashing))
        self.assertEqual(len(self.log()), before)
        mixed = self.expect(202, self.publish([batch[2], event()])).json
        self.assertEqual([ack["duplicate"] for ack in mixed], [True, False])

    def test_every_fault_is_listed_with_its_place(self):
        faulty = event({"referral_id": "x", "from": "a b", "partner_type": "none", "extra": 1, "deposit_id": "y"},
                       specversion="0.3", time="yesterday", subject=7)
        del faulty["source"]
        answer = self.expect(422, self.publish(faulty))
        self.assertLessEqual({"/specversion", "/source", "/time", "/subject", "/data/referral_id", "/data/from",
                              "/data/to", "/data/partner_type", "/data/reason", "/data/partnership", "/data/postcode",
                              "/data/extra", "/data/deposit_id"}, answer.places)
        self.assertEqual(self.expect(422, self.publish(event(type_="koppel.gateway.token-created.v1"))).places, {"/type"})
        self.assertEqual(self.expect(422, self.publish(event(type_="koppel.matching.duo-stopped.v1"))).places, {"/type"})
        self.assertEqual(self.expect(422, self.publish([])).places, {""})
        self.assertEqual(self.expect(422, self.publish([7])).places, {"/0"})
        self.assertEqual(self.expect(422, self.publish({**event(), "data": [1]})).places, {"/data"})
        self.assertEqual(self.expect(422, self.publish(event(partnership="asse"))).places, {"/partnership"})

    def test_values_are_never_told_back(self):
        secret = "Zeer-Geheim-99"
        faulty = event(referral(postcode=secret, personal={"first_name": "x" * 500, "email": secret}), time=secret)
        answer = self.expect(422, self.publish(faulty))
        self.assertNotIn(secret, answer.body.decode())
        self.assertIn("/data/personal/email", answer.places)
        for name in ("gateway", "registry"):
            self.assertNotIn(secret, (self.stack.folder / f"{name}.log").read_text())

    def test_media_types(self):
        for type_ in ("application/json", "text/plain", "application/cloudevents+xml"):
            self.expect(415, self.send("POST", "/v1/events", event(), type_))
        self.expect(202, self.send("POST", "/v1/events", event(), ONE + "; charset=utf-8"))
        self.expect(422, self.send("POST", "/v1/events", [event()], ONE))
        self.expect(422, self.send("POST", "/v1/events", event(), MANY))

    # ---- personal data

    def test_personal_data_goes_to_registry_and_nowhere_else(self):
        one = event(referral(personal={"first_name": "Olena", "last_name": "Kovalenko", "email": "olena@example.org"}))
        (ack,) = self.expect(202, self.publish(one)).json
        (data,) = [d for h, d in self.log() if h["seq"] == ack["seq"]]
        self.assertNotIn("personal", data)
        self.assertTrue(uuid.UUID(data["deposit_id"]))
        def linked():
            return [d["person_id"] for h, d in self.stack.client.log("registry")
                    if d.get("referral_id") == data["referral_id"]]
        person = eventually(linked, what="the referral linked")[0]
        self.assertEqual(self.expect(200, self.send("GET", f"/v1/people/{person}")).json["last_name"], "Kovalenko")
        (again,) = self.expect(202, self.publish(one)).json
        self.assertEqual(again, {**ack, "duplicate": True})
        for header, data in self.stack.client.log("gateway") + self.stack.client.log("registry"):
            self.assertNotIn("Kovalenko", repr((header, data)))
        for name in ("gateway", "registry"):
            self.assertNotIn("Kovalenko", (self.stack.folder / f"{name}.log").read_text())

    def test_the_same_event_with_other_personal_data_is_a_conflict(self):
        one = event(referral(personal={"first_name": "Ada"}))
        self.expect(202, self.publish(one))
        self.expect(409, self.publish({**one, "data": {**one["data"], "personal": {"first_name": "Eva"}}}))

    def test_what_registry_refuses_has_its_place(self):
        answer = self.expect(422, self.publish([event(), event(referral(personal={"national_number": "93051822362"}))]))
        self.assertTrue(all(place.startswith("/1/data/personal") for place in answer.places), answer.places)
        self.assertTrue(answer.places)

    def test_only_personal_fields_may_be_personal(self):
        for field in ("person_id", "deposit_id", "channel", "shoe_size"):
            answer = self.expect(422, self.publish(event(referral(personal={"first_name": "Ada", field: str(uuid.uuid4())}))))
            self.assertEqual(answer.places, {"/data/personal"})
        status = {"external_person": "p-1", "partner_type": "vdab", "status": "employed", "personal": {"first_name": "Ada"}}
        self.assertEqual(self.expect(422, self.publish(event(status, STATUS))).places, {"/data/personal"})

    # ---- tokens

    def test_without_a_good_token_nothing_is_told(self):
        for token in (None, "wrong", "x" * 500):
            answer = self.expect(401, self.publish(event(), token=token))
            self.assertTrue(answer.headers["WWW-Authenticate"].startswith("Bearer"))
        self.expect(401, self.send("GET", "/v1/people", token=None, Authorization="Basic " + base64.b64encode(b"a:b").decode()))
        self.expect(401, self.send("POST", "/v1/commands/no-such-command", {}, token=None))

    def test_scopes_partnerships_and_municipalities(self):
        narrow = self.token("referral-received", "people", partnerships=["asse"])["token"]
        self.expect(202, self.publish(event(referral(partnership="asse", postcode="1730")), token=narrow))
        answer = self.expect(403, self.publish(event(), token=narrow))
        self.assertIn("partnership", answer.json["detail"])
        status = {"external_person": "p-1", "partner_type": "vdab", "status": "employed"}
        self.assertIn("status-changed", self.expect(403, self.publish(event(status, STATUS), token=narrow)).json["detail"])
        answer = self.expect(403, self.send("POST", "/v1/commands/create-token", {"name": "x", "scopes": ["*"]}, token=narrow))
        self.assertIn('scope="create-token"', answer.headers["WWW-Authenticate"])
        self.expect(200, self.send("GET", "/v1/people?partnership=asse", token=narrow))
        self.expect(403, self.send("GET", "/v1/people?partnership=middenkempen", token=narrow))
        self.expect(403, self.send("GET", "/v1/people", token=narrow))
        local = self.token("referral-*", nis=["13011"])["token"]
        self.expect(202, self.publish(event(nis="13011"), token=local))
        self.expect(403, self.publish(event(nis="13010"), token=local))
        self.expect(403, self.publish(event(), token=local))

    def test_a_person_of_another_partnership_is_not_shown(self):
        (person,) = [self.expect(200, self.send("POST", "/v1/commands/register-person", {
            "partnership": "middenkempen", "postcode": "2200", "preferred_language": "nl"})).json["person_id"]]
        narrow = self.token("person", partnerships=["asse"])["token"]
        self.expect(403, self.send("GET", f"/v1/people/{person}", token=narrow))
        self.expect(200, self.send("GET", f"/v1/people/{person}"))

    def test_a_revoked_token_stops_at_once(self):
        made = self.token("*")
        self.expect(200, self.send("GET", "/v1/partnerships", token=made["token"]))
        self.expect(200, self.send("POST", "/v1/commands/revoke-token", {"token_id": made["token_id"]}))
        self.expect(401, self.send("GET", "/v1/partnerships", token=made["token"]))

    # ---- commands and queries

    def test_a_command_and_its_refusals(self):
        made = self.expect(200, self.send("POST", "/v1/commands/registry/register-person", {
            "partnership": "asse", "postcode": "1730", "preferred_language": "ar"})).json
        self.assertTrue(uuid.UUID(made["person_id"]))
        recorded = [h for h, d in self.stack.client.log("registry") if d.get("person_id") == made["person_id"]]
        self.assertTrue(all(h["actor"] == "developer" for h in recorded))
        answer = self.expect(422, self.send("POST", "/v1/commands/register-person", {"postcode": "x", "shoe": 1}))
        self.assertEqual(answer.places, {"/postcode", "/preferred_language", "/shoe"})
        self.expect(404, self.send("POST", "/v1/commands/move-person", {"person_id": str(uuid.uuid4()), "postcode": "2200"}))
        self.expect(409, self.send("POST", "/v1/commands/form-partnership", {
            "partnership": "asse", "name": "Other", "since": "2021-01-01", "lead_nis": "23002",
            "municipalities": [{"nis": "23002"}]}))
        self.expect(400, self.send("POST", "/v1/commands/register-person", "{nonsense"))
        self.expect(415, self.send("POST", "/v1/commands/register-person", "{}", "text/plain"))

    def test_an_idempotency_key_makes_a_repetition_harmless(self):
        body = {"partnership": "asse", "postcode": "1730", "preferred_language": "ar"}
        first = self.expect(200, self.send("POST", "/v1/commands/register-person", body, Idempotency_Key="k-1"))
        again = self.expect(200, self.send("POST", "/v1/commands/register-person", dict(reversed(body.items())),
                                           Idempotency_Key="k-1"))
        self.assertEqual(first.json, again.json)
        self.expect(409, self.send("POST", "/v1/commands/register-person", {**body, "postcode": "1731"}, Idempotency_Key="k-1"))
        other = self.token("*")["token"]
        mine = self.expect(200, self.send("POST", "/v1/commands/register-person", body, token=other, Idempotency_Key="k-1"))
        self.assertNotEqual(mine.json["person_id"], first.json["person_id"])

    def test_what_is_between_services_cannot_be_reached(self):
        for name in ("accept-events", "gateway/accept-events", "accept-events.v1", "deposit-personal", "check-token",
                     "contact", "registry/contact", "people"):
            self.expect(404, self.send("POST", f"/v1/commands/{name}", {}))
        for path in ("/v1/contact", "/v1/check-token", "/v1/people/" + str(uuid.uuid4()) + "/contact"):
            self.expect(404, self.send("GET", path))

    def test_parameters_are_judged_by_the_query(self):
        self.assertEqual(self.expect(422, self.send("GET", "/v1/people?limit=ten&role=king")).places, {"/limit", "/role"})
        self.assertEqual(self.expect(422, self.send("GET", "/v1/people?colour=red")).places, {""})
        self.assertEqual(self.expect(422, self.send("GET", "/v1/people?limit=1&limit=2")).places, {"/limit"})
        self.assertEqual(self.expect(422, self.send("GET", "/v1/people/not-a-uuid")).places, {"/person_id"})
        self.expect(404, self.send("GET", "/v1/people/" + str(uuid.uuid4())))
        self.expect(422, self.send("GET", "/v1/people?name=%ff%fe"))
        self.expect(200, self.send("GET", "/v1/people?partnership=asse&limit=1"))

    def test_metrics_tell_of_requests_adapters_and_streams(self):
        for name in ("koppel_http_in_flight", 'koppel_adapter_requests_total{answer="ACK"}', "koppel_edge_asking",
                     "koppel_edge_streams"):
            self.assertGreaterEqual(self.metric(name), 0)

    def test_a_service_that_is_away_is_told_as_that(self):
        answer = self.expect(503, self.send("GET", "/v1/duos?partnership=asse"))  # no such service in this stack
        self.assertEqual(answer.headers["Retry-After"], "1")
        self.stack.kill("registry")
        try:
            self.expect(504, self.send("GET", "/v1/people?partnership=asse"))
        finally:
            self.stack.start("registry")
            self.stack.wait_ready("registry")
            self.stack.client.forget("registry")
        eventually(lambda: self.send("GET", "/v1/people?partnership=asse").status == 200, what="registry asked again")

    def test_paths_and_methods(self):
        answer = self.expect(404, self.send("GET", "/v2/events"))
        self.assertIn("/v1/events", answer.json["detail"])
        self.assertEqual(self.expect(405, self.send("DELETE", "/v1/events")).headers["Allow"], "POST, GET, HEAD")
        self.assertEqual(self.expect(405, self.send("POST", "/v1/people", {})).headers["Allow"], "GET, HEAD")
        self.expect(405, self.send("GET", "/v1/commands/stop-duo"))
        self.assertEqual(self.send("HEAD", "/healthz", token=None).status, 200)
        self.expect(404, self.send("GET", "/v1/calendar/short.ics", token=None))

    def test_health_readiness_and_counters(self):
        self.expect(200, self.send("GET", "/healthz", token=None))
        self.assertEqual(self.expect(200, self.send("GET", "/readyz", token=None)).body, b"ready\n")
        before = self.metric('koppel_http_requests_total{status="4xx"}')
        self.send("GET", "/nothing")
        # A request is counted when all of its answer is sent, which its reader may know first.
        eventually(lambda: self.metric('koppel_http_requests_total{status="4xx"}') == before + 1,
                   what="the request in the metrics")

    def test_the_access_log_has_neither_queries_nor_secrets(self):
        self.send("GET", "/v1/people?name=Kovalenko-Secret")
        self.expect(404, self.send("GET", "/v1/calendar/s3cret.ics", token=None))
        log = eventually(lambda: (self.stack.folder / "gateway.log").read_text(), what="a log")
        self.assertIn("GET /v1/people 2", log)
        for secret in ("Kovalenko-Secret", "s3cret", TOKEN):
            self.assertNotIn(secret, log)

    # ---- files, calendars, and services that break their promise

    def stand(self, name, answer):
        stand = Stand(self.stack, name, f"tcp://127.0.0.1:{self.stack.stands[name]}")
        stand.answer = answer
        stand.start()
        def end():
            stand.ending = True
            stand.join()
        self.addCleanup(end)
        return stand

    def part_of(self, file, size=100000, etag=lambda offset: "e1"):
        def answer(_, data):
            offset = data.get("offset", 0)
            return {"status": "ok"}, {"file_name": "asse-2024.csv", "media_type": "text/csv", "size_bytes": len(file),
                                      "content": base64.b64encode(file[offset:offset + size // 4 * 3]).decode(),
                                      "etag": etag(offset)}
        return answer

    def test_a_report_comes_as_one_file_made_of_parts(self):
        file = secrets.token_bytes(700001)
        stand = self.stand("reporting", self.part_of(file))
        path = "/v1/reports/export?partnership=asse&project_year=2024&format=csv"
        answer = self.expect(200, self.send("GET", path))
        self.assertEqual(answer.body, file)
        self.assertEqual(answer.headers["Content-Type"], "text/csv")
        self.assertEqual(answer.headers["Content-Length"], str(len(file)))
        self.assertEqual(answer.headers["Content-Disposition"], 'attachment; filename="asse-2024.csv"')
        self.assertEqual([data.get("offset", 0) for _, data in stand.asked], list(range(0, len(file), 75000)))
        stand.answer = self.part_of(b"")
        self.assertEqual(self.expect(200, self.send("GET", path)).body, b"")
        self.assertEqual(self.expect(422, self.send("GET", path + "&format=pdf")).places, {"/format"})
        stand.answer = self.part_of(file, etag=lambda offset: f"e{offset}")
        with self.assertRaises(http.client.IncompleteRead):  # it changed on the way: half of each is no file
            self.send("GET", path)

    def test_a_calendar_needs_no_token_but_its_own(self):
        token, ics = secrets.token_urlsafe(32), "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
        def answer(_, data):
            if data["token"] == token:
                return {"status": "ok"}, {"ics": ics, "etag": "abc"}
            return {"status": "not-found", "text": "no such link"}, {}
        self.stand("scheduling", answer)
        got = self.expect(200, self.send("GET", f"/v1/calendar/{token}.ics", token=None))
        self.assertEqual((got.body.decode(), got.headers["Content-Type"]), (ics, "text/calendar; charset=utf-8"))
        again = self.send("GET", f"/v1/calendar/{token}.ics", token=None, If_None_Match=got.headers["ETag"])
        self.assertEqual((again.status, again.body), (304, b""))
        self.expect(404, self.send("GET", f"/v1/calendar/{secrets.token_urlsafe(32)}.ics", token=None))

    def test_what_a_service_says_becomes_a_status(self):
        stand = self.stand("scheduling", None)
        for word, status in (("conflict", 409), ("denied", 403), ("retry", 503), ("bug", 500), ("not-found", 404), ("what", 500)):
            stand.answer = lambda *_: ({"status": word, "text": "so it is", "code": "BUS-X"}, {})
            answer = self.expect(status, self.send("GET", "/v1/series?partnership=asse"))
            self.assertEqual(answer.json["code"], "BUS-X")
            self.assertEqual(answer.headers["Retry-After"], "1" if status == 503 else None)
        for reply in (b"", b"\xdd\x10\x00\x00\x00", b"\xc1", b"\x81\xa1a\xa1\xff"):
            stand.answer = lambda *_: ({"status": "ok"}, reply)
            self.expect(500, self.send("GET", "/v1/series?partnership=asse"))
        stand.answer = lambda *_: ({"status": "ok"}, {"series": []})
        self.expect(200, self.send("GET", "/v1/series?partnership=asse"))

    # ---- the log

    def test_the_log_page_by_page(self):
        acks = self.publish([event() for _ in range(7)]).json
        after, seen = acks[0]["seq"] - 1, []
        while True:
            answer = self.expect(200, self.send("GET", f"/v1/events?stream=gateway&after={after}&limit=3"))
            self.assertEqual(answer.headers["Content-Type"], MANY)
            if not answer.json:
                break
            seen += answer.json
            after = int(answer.headers["Koppel-Next"])
            self.assertEqual("Link" in answer.headers, after < int(answer.headers["Koppel-Head"]))
        ours = [one for one in seen if one["id"] in {ack["id"] for ack in acks}]
        self.assertEqual([one["seq"] for one in ours], [ack["seq"] for ack in acks])
        self.assertEqual([one["seq"] for one in seen], list(range(acks[0]["seq"], acks[0]["seq"] + len(seen))))
        self.assertEqual(ours[0]["datacontenttype"], "application/json")
        for query in ("", "?stream=nothing", "?stream=gateway&after=-1", "?stream=gateway&limit=0", "?stream=gateway&after=x"):
            self.expect(422, self.send("GET", "/v1/events" + query))

    def test_a_limited_token_reads_only_its_own_of_the_log(self):
        (mine,) = self.publish(event(referral(partnership="asse", postcode="1730"))).json
        (other,) = self.publish(event()).json
        narrow = self.token("stream-gateway", partnerships=["asse"])["token"]
        page = self.expect(200, self.send("GET", f"/v1/events?stream=gateway&after={mine['seq'] - 1}", token=narrow)).json
        self.assertEqual({one["partnership"] for one in page}, {"asse"})
        self.assertIn(mine["seq"], [one["seq"] for one in page])
        self.assertNotIn(other["seq"], [one["seq"] for one in page])
        self.expect(403, self.send("GET", "/v1/events?stream=registry", token=narrow))

    def live(self, after=None, last=None):
        """A connection that follows the gateway's stream, and a function that reads its next event."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        self.addCleanup(connection.close)
        headers = {"Authorization": "Bearer " + TOKEN, "Accept": "text/event-stream"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        connection.request("GET", "/v1/events?stream=gateway" + (f"&after={after}" if after is not None else ""), None, headers)
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/event-stream"))
        def following():
            fields = {}
            while True:
                line = answer.readline().decode().rstrip("\n")
                if not line and "data" in fields:
                    return int(fields["id"]), json.loads(fields["data"])
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    fields[name] = value
        return following

    def test_the_log_live(self):
        (first,) = self.publish(event()).json
        following = self.live(after=first["seq"] - 1)
        self.assertEqual(following()[0], first["seq"])
        expected = [self.publish(event()).json[0]["seq"] for _ in range(20)]
        got = []
        while len(got) < 20:
            seq, one = following()
            self.assertEqual(seq, one["seq"])
            if one.get("kind") != "command":
                got.append(seq)
        self.assertEqual(got, expected)
        again = self.live(after=0, last=expected[-2])
        self.assertEqual(again()[0], expected[-1])

    def test_many_follow_at_once(self):
        (first,) = self.publish(event()).json
        readers = [self.live(after=first["seq"]) for _ in range(30)]
        acks = self.publish([event() for _ in range(50)]).json
        for following in readers:
            self.assertEqual([following()[0] for _ in acks], [ack["seq"] for ack in acks])

    # ---- adapters

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

    def test_adapters_have_the_same_rules(self):
        sock = self.adapter()
        batch = [event(referral(personal={"first_name": "Ada"})), event()]
        verb, acks = self.ask(sock, b"PUBLISH", msgpack.packb([self.pair(one) for one in batch]))
        self.assertEqual((verb, [ack["id"] for ack in acks]), ("ACK", [one["id"] for one in batch]))
        (actor,) = {h["actor"] for h, _ in self.log() if h["seq"] in {ack["seq"] for ack in acks}}
        self.assertEqual(actor, "adapter:adapter")
        self.assertTrue(self.publish(batch[1]).json[0]["duplicate"])  # by whichever door it came
        verb, faults = self.ask(sock, b"PUBLISH", msgpack.packb([self.pair(event(referral(postcode="x")))]))
        self.assertEqual(verb, "ERR")
        self.assertEqual([(one["status"], one["pointer"]) for one in faults], [("invalid", "/0/data/postcode")])
        clash = self.pair({**batch[1], "data": referral()})
        self.assertEqual(self.ask(sock, b"PUBLISH", msgpack.packb([clash]))[1][0]["status"], "conflict")

    def test_hostile_adapters(self):
        sock = self.adapter()
        deep = b"\x91" * 5000
        for frames in ([b"PUBLISH"], [b"PUBLISH", b"\xdd\x10\x00\x00\x00"], [b"PUBLISH", deep], [b"PUBLISH", b""],
                       [b"PUBLISH", b"\x80"], [b"PUBLISH", msgpack.packb([])], [b"PUBLISH", msgpack.packb([1])],
                       [b"PUBLISH", msgpack.packb([{"header": 1, "data": 2}])], [b"COMMAND", b"\x80", b"\x80"],
                       [b"PUBLISH", msgpack.packb([self.pair(event())] * 257)],
                       [b"PUBLISH", msgpack.packb([{"header": {"id": b"\xff"}, "data": {}}])]):
            self.assertEqual(self.ask(sock, *frames)[0], "ERR", frames)
        rogue = self.adapter(tuple(zmq.curve_keypair()))
        rogue.rcvtimeo = 500
        rogue.send_multipart([b"", b"PUBLISH", msgpack.packb([self.pair(event())])])
        with self.assertRaises(zmq.Again):
            rogue.recv_multipart()
        self.assertEqual(self.ask(sock, b"PUBLISH", msgpack.packb([self.pair(event())]))[0], "ACK")

    # ---- hostile HTTP

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
        big = [event(referral(external_person="p" * 64, to="t" * 64, **{"from": "f" * 64})) for _ in range(256)]
        self.assertIn(self.publish(big).status, (202, 413))

    def test_requests_that_are_none(self):
        for data in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"POST /v1/events HTTP/1.1\r\nHost: x\r\n"
                     b"Content-Length: abc\r\n\r\n", b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n",
                     b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 200) for n in range(1000)) + b"\r\n"):
            got = self.raw(data + b"Connection: close\r\n\r\n", seconds=2)
            self.assertFalse(got.startswith(b"HTTP/1.1 2"), got[:100])
        self.expect(200, self.send("GET", "/healthz", token=None))

    def test_thousands_of_connections(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        before, held = self.memory_kib(), []
        beginnings = (b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{", b"GET /v1/pe", b"")
        try:
            for n in range(1800):
                sock = socket.create_connection(("127.0.0.1", self.port), timeout=5)
                held.append(sock)
                sock.sendall(beginnings[n % 3])
            self.expect(200, self.send("GET", "/healthz", token=None))
            self.expect(202, self.publish(event()))
            for n in range(700):  # more than there is room for
                held.append(socket.create_connection(("127.0.0.1", self.port), timeout=5))
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
            return float(re.search(r"^koppel_turns_total (\S+)$", text, re.M)[1])
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
        self.assertLess(time.monotonic() - started, 8)
        self.stack.start("gateway")
        self.stack.wait_ready("gateway")
        self.stack.client.forget("gateway")
        self.expect(202, self.publish(event()))

    # ---- the examples

    def test_the_python_adapter(self):
        done = subprocess.run(["/usr/bin/python3", ROOT / "examples/adapter.py", self.stack.folder, self.door,
                               self.stack.events["registry"]], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("ACK", done.stdout)
        self.assertIn("referral-linked", done.stdout)
        self.assertLess(len((ROOT / "examples/adapter.py").read_text().splitlines()), 60)

    def test_the_curl_adapter(self):
        (self.stack.folder / "secrets").mkdir(exist_ok=True)
        (self.stack.folder / "secrets/token").write_text(TOKEN + "\n")
        done = subprocess.run([ROOT / "examples/adapter.sh", self.stack.folder, f"http://127.0.0.1:{self.port}"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn('"duplicate":false', done.stdout)
        self.assertIn("status-changed", done.stdout)


if __name__ == "__main__":
    unittest.main()
