#!/usr/bin/python3
"""Every refusal of what was sent names the places at fault: over all commands and questions, of all six services."""
import json
import pathlib
import secrets
import sys
import tempfile
import unittest
import urllib.parse
import uuid

import msgpack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402
from client import write_key  # noqa: E402
from edge import Edge, SOURCE, STATUS, TOKEN, event, referral  # noqa: E402
from ministack import MiniStack  # noqa: E402
from ports import free_ports  # noqa: E402
from waiting import eventually  # noqa: E402

NAMES = ("registry", "matching", "scheduling", "notifications", "reporting", "gateway")
PATHS = json.loads((BUILD / "gen/openapi.json").read_text(encoding="utf-8"))["paths"]
ALIVE = {"/v1/own-token", "/v1/events"}  # no question with parameters of a schema
POSTED = {path: one["post"] for path, one in PATHS.items() if "post" in one and path not in ALIVE}


def a_value(schema):
    """Of the right form, and of nothing that exists."""
    kind = schema.get("type")
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") == "uuid":
        return str(uuid.uuid4())
    if schema.get("format") == "date":
        return "2025-03-01"
    if schema.get("format") == "date-time":
        return "2025-03-01T10:00:00Z"
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    if kind == "array":
        return [a_value(schema["items"])]
    if kind == "object":
        return {name: a_value(one) for name, one in schema.get("properties", {}).items() if name in schema.get("required", [])}
    return (schema.get("examples") or ["nothing"])[0]


class Faults(Edge):
    @classmethod
    def setUpClass(cls):
        cls.port, adapters = free_ports(2)
        mails = tempfile.TemporaryDirectory()
        cls.addClassCleanup(mails.cleanup)
        cls.stack = cls.enterClassContext(MiniStack(list(NAMES), {name: BUILD / f"bin/koppel-{name}" for name in NAMES}, {
            "INSZ_KEY": secrets.token_hex(32), "CALENDAR_KEY": secrets.token_hex(32), "MAIL_URL": f"file://{mails.name}",
            "HTTP_LISTEN": f"127.0.0.1:{cls.port}",
            "ADAPTER_BIND": f"tcp://127.0.0.1:{adapters}", "DEV_TOKEN": TOKEN}))
        cls.door = f"tcp://127.0.0.1:{adapters}"
        cls.adapter_key = write_key(cls.stack.keys, "adapter", "adapter", f"source={SOURCE}")
        for path in ("/v1/duos", "/v1/sessions", "/v1/messages", "/v1/people", "/v1/reports/targets"):
            eventually(lambda path=path: cls.send("GET", path + "?partnership=asse").status < 500, 60, f"an answer at {path}")

    def judge(self, method, path, body=None):
        answer = self.send(method, path, body)
        self.assertLess(answer.status, 500, (path, body, answer.body))
        if answer.status == 422:
            faults = answer.json.get("errors")
            self.assertTrue(faults, (path, body, answer.body))
            for fault in faults:
                self.assertTrue(fault["pointer"] == "" or fault["pointer"].startswith("/"), (path, body, fault))
                self.assertTrue(fault["detail"], (path, body, fault))
        return answer

    def test_commands_and_questions_in_a_body(self):
        self.assertGreater(len(POSTED), 40)
        for path, told in POSTED.items():
            schema = told["requestBody"]["content"]["application/json"]["schema"]
            known, required = schema.get("properties", {}), a_value(schema)
            for body in ({}, required, *({**required, name: a_value(one)} for name, one in known.items())):
                self.judge("POST", path, body)
            answer = self.judge("POST", path, {**required, "no_such_field": 1, **{name: {"a": 1} for name in required}})
            self.assertLessEqual({"/no_such_field"}, answer.places, path)
            if known.get("to", {}).get("format") == "date" and "from" in known:
                answer = self.judge("POST", path, {**required, "from": "2025-03-02", "to": "2025-03-01"})
                self.assertEqual(answer.places, {"/to"}, path)

    def test_questions(self):
        asked, with_cursor = 0, set()
        for path, methods in PATHS.items():
            fields = {one["name"]: one["schema"] for one in methods.get("get", {}).get("parameters", []) if one["in"] == "query"}
            if not fields or path in ALIVE or "{" in path:
                continue
            asked += 1
            required = {one["name"]: a_value(one["schema"]) for one in methods["get"]["parameters"] if one["required"]}

            def ask(**more):
                return self.judge("GET", path + "?" + urllib.parse.urlencode({**required, **more}))
            self.judge("GET", path)
            ask()
            for name, schema in fields.items():
                ask(**{name: a_value(schema)})
                if schema.get("type") == "string":
                    self.assertIn(f"/{name}", ask(**{name: b"\xff"}).places, path)
            self.assertIn("/no_such_field", ask(no_such_field=1).places, path)
            self.assertIn("", ask(**{f"x{n}": n for n in range(50)}).places, path)
            if "cursor" in fields:
                whose = {name: "asse" for name in ("partnership",) if name in fields}
                if ask(**whose, cursor="x.y").places == {"/cursor"}:
                    with_cursor.add(path.removeprefix("/v1/"))
            if "project_year" in fields and "from" in fields:
                for given, place in (({"from": "2025-01-01"}, "/to"), ({"to": "2025-01-01"}, "/from"),
                                     ({"from": "2025-03-02", "to": "2025-03-01"}, "/to"),
                                     ({"from": "2025-03-01", "to": "2025-03-02", "project_year": 2025}, "/project_year")):
                    whose = {name: a_value(fields[name]) for name in ("partnership", "figure") if name in fields}
                    answer = ask(**whose, **given)
                    self.assertEqual((answer.status, answer.places), (422, {place}), (path, given))
        self.assertGreater(asked, 20)
        self.assertLessEqual({"waiting-list", "proposals", "duos", "current-matching", "help-requests", "people", "arrivals", "duplicates",
                              "sessions", "series", "meetings", "messages", "tokens", "reports/targets", "reports/rates"}, with_cursor)

    def test_lists_without_a_filter(self):
        for path, place in {"waiting-list": "partnership", "proposals": "partnership", "duos": "partnership", "help-requests": "partnership",
                            "sessions": "partnership", "series": "partnership", "meetings": "partnership", "enrolments": "series_id",
                            "messages": "partnership"}.items():
            self.assertEqual(self.expect(422, self.judge("GET", "/v1/" + path)).places, {"/" + place})

    def test_no_fault_hides_another(self):
        wrong = referral(postcode="x", personal={"shoe": 43, "hat": 7, "email": "nonsense"})
        self.assertLessEqual({"/data/postcode", "/data/personal/shoe", "/data/personal/hat", "/data/personal/email"},
                             self.expect(422, self.publish(event(wrong))).places)
        wrong = referral(postcode="1799", reason="none", since_when="2020", preferred_language="zz", profile={
            "birth_year": 2198, "languages": ["ar", "qq"], "child_birth_years": [2020, 2097]},
            personal={"national_number": "93.05.18-223.62", "email": "a@b@example.org", "first_name": "A\nB", "phone": "12345678"})
        del wrong["to"]
        places = {"/data/" + name for name in (
            "postcode", "reason", "since_when", "preferred_language", "profile/birth_year", "profile/languages/1",
            "profile/child_birth_years/1", "to", *(f"personal/{one}" for one in ("national_number", "email", "first_name", "phone")))}
        answer = self.expect(422, self.publish(event(wrong)))
        self.assertEqual(answer.places, places)
        verb, faults = self.ask(self.adapter(), b"PUBLISH", msgpack.packb([self.pair(event(wrong))]))
        self.assertEqual((verb, [("/0" + one["pointer"], one["detail"]) for one in answer.json["errors"]]),
                         ("ERR", [(one["pointer"], one["text"]) for one in faults]))
        person = {"postcode": "1799", "preferred_language": "zz", "gender": "woman", "profile": {"birth_year": 2098},
                  "national_number": "93.05.18-223.62", "street": "a\tb", "found_through": "nobody"}
        answer = self.expect(422, self.send("POST", "/v1/commands/register-person", person))
        self.assertEqual([fault["pointer"] for fault in answer.json["errors"]], [
            "/postcode", "/preferred_language", "/gender", "/national_number", "/street", "/found_through", "/profile/birth_year"])
        register = {"postcode": "1799", "preferred_language": "nl"}
        for email in ("nonsense", "a@b@example.org"):
            answer = self.expect(422, self.send("POST", "/v1/commands/register-person", {**register, "email": email}))
            self.assertEqual(answer.places, {"/postcode", "/email"})

    def test_attributes_are_held_to_the_limits_of_the_data(self):
        status = {"external_person": "case-1", "partner_type": "vdab", "status": "employed"}
        for more in ({"partnership": "A B"}, {"partnership": "x" * 41}, {"partnership": "x"}, {"nis": "1301"}, {"nis": "abcde"}):
            one, place = event(status, type_=STATUS, **more), f"/{next(iter(more))}"
            self.assertEqual(self.expect(422, self.publish(one)).places, {place}, more)
            verb, faults = self.ask(self.adapter(), b"PUBLISH", msgpack.packb([self.pair(one)]))
            self.assertEqual((verb, [fault["pointer"] for fault in faults]), ("ERR", [f"/0/header{place}"]), more)
        self.assertEqual(self.expect(422, self.publish(event(status, type_=STATUS, partnership="nowhere"))).places, {"/partnership"})

    def test_partnerships_that_do_not_exist_are_told_beside_other_faults(self):
        batch = [event(referral(partnership="nowhere")), event(referral(postcode="1799", partnership="nowhere")), event(referral(partnership="nowhere-else"))]
        places = {"/0/data/partnership", "/1/data/postcode", "/1/data/partnership", "/2/data/partnership"}
        answer = self.expect(422, self.publish(batch))
        self.assertEqual(answer.places, places)
        self.assertIn("4 places", answer.json["detail"])
        verb, faults = self.ask(self.adapter(), b"PUBLISH", msgpack.packb([self.pair(one) for one in batch]))
        self.assertEqual((verb, {one["pointer"] for one in faults}), ("ERR", places))


if __name__ == "__main__":
    unittest.main()
