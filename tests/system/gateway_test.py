#!/usr/bin/python3
"""The gateway's edge on the real bus: what it takes and forwards, what it refuses and in which words."""
import base64
import http.client
import json
import os
import pathlib
import secrets
import subprocess
import sys
import time
import unittest
import uuid

import msgpack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD, ROOT  # noqa: E402
from client import write_key  # noqa: E402
from edge import Edge, MANY, ONE, STATUS, TOKEN, event, referral  # noqa: E402
from waiting import eventually  # noqa: E402


class Gateway(Edge):
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
        days = [time.strftime("%Y-%m-%d", time.gmtime())]
        (ack,) = self.publish(event()).json
        days.append(time.strftime("%Y-%m-%d", time.gmtime()))  # another one if it is midnight
        (time_,) = [h["time"] for h, _ in self.log() if h["seq"] == ack["seq"]]
        self.assertIn(time_[:10], days)

    def test_a_time_far_ahead_is_refused_and_one_of_a_clock_that_is_fast_is_not(self):
        ahead = lambda hours: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + hours * 3600))
        self.expect(202, self.publish(event(time=ahead(23))))
        before = len(self.log())
        answer = self.expect(422, self.publish([event(), event(time=ahead(25))]))
        self.assertEqual(answer.places, {"/1/time"})
        verb, faults = self.ask(self.adapter(), b"PUBLISH", msgpack.packb([self.pair(event(time=ahead(24 * 365 * 5)))]))
        self.assertEqual((verb, [one["pointer"] for one in faults]), ("ERR", ["/0/header/time"]))
        self.assertEqual(len(self.log()), before)

    def test_the_clock_that_counts_is_also_the_stacks_own(self):
        """As after a replay of years to come; one of years gone by still takes what happens today."""
        later = int(time.time()) + 5 * 365 * 86400
        late = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(later))
        self.addCleanup(self.stack.client.admin, "gateway", "RELEASE", {"wall": True})
        self.stack.client.admin("gateway", "RELEASE", {"now": later * 1_000_000})
        self.expect(202, self.publish(event(time=late)))
        self.stack.client.admin("gateway", "RELEASE", {"now": (later - 10 * 365 * 86400) * 1_000_000})
        self.expect(422, self.publish(event(time=late)))
        self.expect(202, self.publish(event(time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))))

    def test_a_national_number_comes_into_no_stream(self):
        number = "930518-223:61"
        before = len(self.log())
        answer = self.expect(422, self.publish(event(referral(external_person="x930518_22361", **{"from": number}), causationid=number)))
        self.assertEqual(answer.places, {"/data/external_person", "/data/from", "/causationid"})
        answer = self.expect(422, self.publish(event(id="jan.peeters@example.org", subject="Jan Peeters", causationid="+32470123456",
                                                     correlationid="Jan Peeters")))
        self.assertEqual(answer.places, {"/id", "/subject", "/causationid", "/correlationid"})
        self.assertNotIn("eeters", answer.body.decode())
        self.assertEqual(len(self.log()), before)
        body = {"partnership": "middenkempen", "name": f"of {number}", "kind": "other"}
        answer = self.expect(422, self.send("POST", "/v1/commands/register-organisation", body))
        self.assertEqual(answer.places, {"/name"})
        for said in (answer.body.decode(), str(list(self.stack.client.log("registry")))):
            self.assertNotIn("22361", said)

    def test_times_in_the_data_without_a_zone_are_belgian(self):
        (ack,) = self.publish(event(referral(appointment="2026-12-01T09:30"))).json
        (data,) = [d for h, d in self.log() if h["seq"] == ack["seq"]]
        self.assertEqual(data["appointment"], "2026-12-01T08:30:00Z")

    def test_when_it_was_taken_in_stands_beside_what_its_sender_claims(self):
        def header_of(one):
            (ack,) = self.expect(202, self.publish(one)).json
            return next(header for header, _ in self.log() if header["seq"] == ack["seq"])
        forged = header_of(event(time="2026-03-01T09:20:00Z", recordedtime="2026-03-01T09:20:00Z"))
        self.assertEqual(forged["time"], "2026-03-01T09:20:00Z")
        self.assertGreater(forged["recordedtime"], "2026-06")
        left = header_of(event())
        self.assertEqual(left["time"], left["recordedtime"])
        self.assertGreater(left["time"], forged["recordedtime"])

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
            self.assertEqual(answer.places, {f"/data/personal/{field}"})
        status = {"external_person": "p-1", "partner_type": "vdab", "status": "employed", "personal": {"first_name": "Ada"}}
        self.assertEqual(self.expect(422, self.publish(event(status, STATUS))).places, {"/data/personal"})

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

    def test_parameters_are_judged_by_the_query(self):
        self.assertEqual(self.expect(422, self.send("GET", "/v1/people?limit=ten&role=king")).places, {"/limit", "/role"})
        self.assertEqual(self.expect(422, self.send("GET", "/v1/people?colour=red&a%2fb=1&%ff=1")).places, {"/colour", "/a~1b", "/?"})
        self.assertEqual(self.expect(422, self.send("GET", "/v1/people?limit=1&limit=2")).places, {"/limit"})
        self.assertEqual(self.expect(422, self.send("GET", "/v1/people/not-a-uuid")).places, {"/person_id"})
        self.expect(404, self.send("GET", "/v1/people/" + str(uuid.uuid4())))
        self.expect(422, self.send("GET", "/v1/people?volunteer_state=%ff%fe"))
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
        self.assertEqual(answer.json["detail"], "there is no such path: did you mean /v1/events; GET /v1/openapi.json lists all")
        answer = self.expect(404, self.send("GET", "/wp-login.php"))
        self.assertEqual(answer.json["detail"], "there is no such path; GET /v1/openapi.json lists all")
        self.assertEqual(self.expect(405, self.send("DELETE", "/v1/events")).headers["Allow"], "POST, GET, HEAD")
        self.assertEqual(self.expect(405, self.send("POST", "/v1/duos", {})).headers["Allow"], "GET, HEAD")
        self.assertEqual(self.expect(405, self.send("DELETE", "/v1/people")).headers["Allow"], "GET, HEAD, POST")
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
        self.send("POST", "/v1/people", {"name": "Kovalenko-Secret"})
        self.send("GET", "/v1/people?name=Kovalenko-Secret")
        self.expect(404, self.send("GET", "/v1/calendar/s3cret.ics", token=None))
        log = eventually(lambda: (self.stack.folder / "gateway.log").read_text(), what="a log")
        self.assertIn("POST /v1/people 2", log)
        for secret in ("Kovalenko-Secret", "s3cret", TOKEN):
            self.assertNotIn(secret, log)

    # ---- files, calendars, and services that break their promise

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
        for word, status, code in (("conflict", 409, "BUS-KEY-REUSED"), ("denied", 403, None), ("retry", 503, "BUS-BUSY"),
                                   ("bug", 500, "BUS-FENCED"), ("not-found", 404, None), ("what", 500, None)):
            stand.answer = lambda *_: ({"status": word, "text": "so it is", **({"code": code} if code else {})}, {})
            answer = self.expect(status, self.send("GET", "/v1/series?partnership=asse"))
            self.assertEqual(answer.json.get("code"), code)
            self.assertEqual(answer.headers["Retry-After"], "1" if status == 503 else None)
        for reply in (b"", b"\xdd\x10\x00\x00\x00", b"\xc1", b"\x81\xa1a\xa1\xff"):
            stand.answer = lambda *_: ({"status": "ok"}, reply)
            self.expect(500, self.send("GET", "/v1/series?partnership=asse"))
        stand.answer = lambda *_: ({"status": "ok"}, {"series": []})
        self.expect(200, self.send("GET", "/v1/series?partnership=asse"))

    # ---- adapters, and the examples

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

    def test_the_python_adapter(self):
        done = subprocess.run(["/usr/bin/python3", ROOT / "examples/adapter.py", self.stack.folder, self.door,
                               self.stack.events["registry"]], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("ACK", done.stdout)
        self.assertIn("referral-linked", done.stdout)
        write_key(self.stack.keys, "vdab", "adapter", "partnership=middenkempen reads=registry")
        done = subprocess.run(["/usr/bin/python3", ROOT / "examples/adapter.py", self.stack.folder, self.stack.keys / "vdab.key",
                               self.door, self.stack.events["registry"]], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("referral-linked", done.stdout)
        self.assertIn("urn:koppel:adapter:vdab", {header["source"] for header, _ in self.log()})
        self.assertLess(len((ROOT / "examples/adapter.py").read_text().splitlines()), 60)

    def test_the_command_line_publishes_by_the_same_rules(self):
        good = event(referral(personal={"first_name": "Olena"}), source="anyone", time="2026-07-01T09:30:00")
        lines = [good, good, event(referral(postcode="x")), event(referral(partnership="nowhere"))]
        done = subprocess.run(
            [BUILD / "bin/koppel", "publish", "-"], input="\n".join(json.dumps(one) for one in lines) + "\n{\n",
            capture_output=True, text=True, timeout=60,
            env={**os.environ, "KOPPEL_PEERS": f"gateway={self.stack.events['gateway']},{self.stack.requests['gateway']}",
                 "KOPPEL_KEYS_DIR": str(self.stack.keys), "KOPPEL_DOOR": self.door})
        acks = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(ack["id"], ack["duplicate"]) for ack in acks], [(good["id"], False), (good["id"], True)], done.stderr)
        (header, data), = [(h, d) for h, d in self.log() if h["seq"] == acks[0]["seq"]]
        self.assertEqual((header["actor"], header["time"]), ("operator", "2026-07-01T07:30:00Z"))
        self.assertIn("deposit_id", data)
        faults = done.stderr.splitlines()
        self.assertEqual((done.returncode, len(faults)), (1, 3), done.stderr)
        self.assertIn("line 3: /0/data/postcode", faults[0])
        self.assertIn("line 4: /0/data/partnership", faults[1])

    def test_the_curl_adapter(self):
        (self.stack.folder / "secrets").mkdir(exist_ok=True)
        (self.stack.folder / "secrets/token").write_text(TOKEN + "\n")
        done = subprocess.run([ROOT / "examples/adapter.sh", self.stack.folder, f"http://127.0.0.1:{self.port}"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        once, again = (json.loads(line)[0] for line in done.stdout.splitlines())
        self.assertEqual((once, again), ({**once, "duplicate": False}, {**once, "duplicate": True}))
        (self.stack.folder / "secrets/token").write_text("of nobody\n")
        done = subprocess.run([ROOT / "examples/adapter.sh", self.stack.folder, f"http://127.0.0.1:{self.port}"],
                              capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("this token is not known", done.stderr)


if __name__ == "__main__":
    unittest.main()
