#!/usr/bin/python3
"""What a sender is told when something is wrong: the cause, and what is wanted instead."""
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import msgpack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD, ROOT  # noqa: E402
from edge import Edge, MANY, ONE, event, referral  # noqa: E402


class Words(Edge):
    def detail(self, status, answer):
        return self.expect(status, answer).json["detail"]

    def faults(self, answer):
        return {fault["pointer"]: fault["detail"] for fault in self.expect(422, answer).json["errors"]}

    def test_patterns_in_words(self):
        told = self.faults(self.publish(event(referral(
            preferred_language="Dutch", external_person="a person", personal={"email": "olena", "phone": "call me"}))))
        self.assertEqual(told, {
            "/data/preferred_language": "must have at most 3 characters: a language by its ISO 639 code, 2 or 3 small letters, such as nl",
            "/data/external_person": "must be a reference of 1 to 64 letters, digits and . _ : -, such as vdab-7f3c2a",
            "/data/personal/email": "must be a mail address in letters without accents, such as someone@example.org",
            "/data/personal/phone": "must be a phone number of 6 to 25 digits, spaces and . / ( ) -, which may begin with +, "
                                    "such as +32 14 00 00 00"})
        told = self.faults(self.send("POST", "/v1/commands/register-person", {"postcode": "1730", "preferred_language": "NL"}))
        self.assertEqual(told, {"/preferred_language": "must be a language by its ISO 639 code, 2 or 3 small letters, such as nl"})

    def test_bodies_that_are_no_json(self):
        text = json.dumps(event())
        for body, words in ((gzip.compress(text.encode()), "compressed with gzip"), (b"\xef\xbb\xbf" + text.encode(), "byte order mark"),
                            (text.encode("utf-16"), "UTF-16"), (b" \n", "JSON: empty"), (b"", "the body is empty: send a CloudEvent")):
            self.assertIn(words, self.detail(400, self.send("POST", "/v1/events", body, ONE)))
        self.assertIn("send an array of CloudEvents", self.detail(400, self.send("POST", "/v1/events", b"", MANY)))
        packed = self.send("POST", "/v1/events", gzip.compress(text.encode()), ONE, Content_Encoding="gzip")
        self.assertIn("without Content-Encoding", self.detail(415, packed))
        self.assertEqual(packed.headers["Accept-Encoding"], "identity")
        self.expect(202, self.send("POST", "/v1/events", text, ONE, Content_Encoding="identity"))
        self.assertEqual(self.detail(400, self.send("POST", "/v1/commands/register-person", "[1]")),
                         "the body: must be an object (in msgpack a map)")
        self.assertEqual(self.faults(self.publish(event([1])))["/data"], "must be an object (in msgpack a map)")

    def test_names_that_are_nearly_right(self):
        told = self.detail(404, self.send("POST", "/v1/commands/registr-person", {}))
        self.assertIn("did you mean register-person; GET /v1/openapi.json lists all", told)
        self.assertNotIn("did you mean", self.detail(404, self.send("POST", "/v1/commands/qqqqqq", {})))
        self.assertNotIn("accept-events", self.detail(404, self.send("POST", "/v1/commands/accept-event", {})))
        told = self.faults(self.publish(event(type_="koppel.gateway.referal-received.v1")))["/type"]
        self.assertIn("did you mean koppel.gateway.referral-received.v1? It must be one of", told)
        self.assertNotIn("did you mean", self.faults(self.publish(event(type_="order")))["/type"])

    def test_fields_that_are_nearly_right(self):
        wrong = event(referral(postcod="2200", personal={"frist_name": "A", "shoe": "43"}))
        told = {"/data/postcod": "is not known here: did you mean postcode?", "/data/personal/shoe": "is not known here",
                "/data/personal/frist_name": "is not known here: did you mean first_name?"}
        self.assertEqual(self.faults(self.publish(wrong)), told)
        verb, faults = self.ask(self.adapter(), b"PUBLISH", msgpack.packb([self.pair(wrong)]))
        self.assertEqual((verb, {fault["pointer"].removeprefix("/0"): fault["text"] for fault in faults}), ("ERR", told))

    def test_digits_of_an_enterprise_number(self):
        told = self.faults(self.publish(event(referral(**{"from": "0887010326", "to": "0887.010.362"}))))
        self.assertEqual(told.keys(), {"/data/from"})
        organisation = {"partnership": "asse", "name": "OCMW Asse", "kind": "ocmw", "kbo": "0887010326", "postcode": "1730"}
        more = self.faults(self.send("POST", "/v1/commands/register-organisation", organisation))
        self.assertEqual(more, {"/kbo": told["/data/from"]})
        self.assertIn("last two digits", more["/kbo"])
        self.expect(200, self.send("POST", "/v1/commands/register-organisation", {**organisation, "kbo": "0887010362"}))

    def test_words_to_choose_from_are_whole(self):
        told = self.faults(self.send("POST", "/v1/commands/register-person", {
            "postcode": "1730", "preferred_language": "nl", "profile": {"availability": ["sometime"], "interests": ["x"]}}))
        slots = re.fullmatch("must be one of (.*)", told["/profile/availability/0"])[1]
        some, _, more = slots.partition(" and ")
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        self.assertEqual([slot.partition("-")[0] for slot in some.split(", ")], [days[n // 3] for n in range(len(some.split(", ")))])
        self.assertEqual(len(some.split(", ")) + (int(more.split()[0]) if more else 0), 21)

    def test_a_word_that_is_nearly_right_is_named(self):
        told = self.faults(self.send("POST", "/v1/commands/register-person", {
            "postcode": "1730", "preferred_language": "nl", "chanel": "mail", "channel": "mial",
            "profile": {"availability": ["tue-evning", "never"], "gender": "womann"}}))
        self.assertEqual(told["/chanel"], "is not known here: did you mean channel?")
        self.assertEqual(told["/channel"], "must be one of mail, sms, none: did you mean mail?")
        self.assertTrue(told["/profile/availability/0"].endswith(" more: did you mean tue-evening?"), told)
        self.assertNotIn("mean", told["/profile/availability/1"])
        self.assertTrue(told["/profile/gender"].endswith(": did you mean woman?"), told)

    def test_a_parameter_given_twice(self):
        for name, value in (("stream", "gateway"), ("after", "0"), ("limit", "1")):
            path = f"/v1/events?stream=gateway&after=0&limit=1&{name}={value}"
            self.assertEqual(self.faults(self.send("GET", path)), {f"/{name}": f"{name} is given twice"})
        self.assertEqual(self.faults(self.send("GET", "/v1/people?partnership=asse&partnership=asse")), {"/partnership": "is given twice"})

    def test_limits_of_times(self):
        for time in ("2200-01-01T00:00:00Z", "1899-12-31T00:00:00Z", "yesterday"):
            told = self.faults(self.publish(event(referral(appointment=time), time=time)))
            self.assertEqual(told["/time"], told["/data/appointment"])
        forms = re.findall("2026[-+:T0-9]+Z?", told["/time"])
        self.assertEqual(len(forms), 4, told["/time"])
        for form in forms:  # each of them is taken
            self.expect(202, self.publish(event(referral(appointment=form), time=form.replace("2026", "2025"))))
        told = self.faults(self.send("POST", "/v1/commands/create-token",
                                     {"name": "adapter:x", "scopes": ["*"], "expires": "2200-01-01"}))
        self.assertIn("from 1900 to 2199", told["/expires"])

    def test_a_frame_that_is_no_msgpack(self):
        verb, (told,) = self.ask(self.adapter(), b"PUBLISH", json.dumps([self.pair(event())]).encode())
        self.assertEqual((verb, told["status"]), ("ERR", "invalid"))
        self.assertIn("the frame is not one value in msgpack as is taken here (byte 1: ", told["text"])

    # ---- every call

    def test_the_openapi_document(self):
        answer = self.expect(200, self.send("GET", "/v1/openapi.json", token=None))
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        made = self.stack.folder / "openapi.json"
        subprocess.run(["/usr/bin/python3", "-B", ROOT / "tools/schema/compile.py", "openapi", ROOT / "schemas",
                        ROOT / "services/gateway", made], check=True)
        self.assertEqual(answer.body, made.read_bytes())
        self.assertEqual(self.expect(200, self.send("GET", "/v1/openapi.json")).body, answer.body)
        self.expect(200, self.send("GET", "/v1/openapi.json", token="of nobody"))
        again = self.send("GET", "/v1/openapi.json", token=None, If_None_Match=answer.headers["ETag"])
        self.assertEqual((again.status, again.body), (304, b""))

    def test_the_example_of_an_event_is_taken_as_it_stands(self):
        call = self.expect(200, self.send("GET", "/v1/openapi.json", token=None)).json["paths"]["/v1/events"]
        for kind, told in call["post"]["requestBody"]["content"].items():
            (ack,) = self.expect(202, self.send("POST", "/v1/events", json.dumps(told["example"]), kind)).json
        (example,) = call["post"]["responses"]["202"]["content"]["application/json"]["example"]
        self.assertEqual((set(ack), ack["id"]), (set(example), example["id"]))
        (read,) = call["get"]["responses"]["200"]["content"]["application/cloudevents-batch+json"]["example"]
        page = self.expect(200, self.send("GET", f"/v1/events?stream=gateway&after={ack['seq'] - 1}&limit=1")).json[0]
        page["data"].pop("deposit_id")
        self.assertEqual({name: page[name] for name in read}, read)

    def test_the_template_of_a_list(self):
        answer = self.expect(200, self.send("GET", "/v1/import-template", token=None))
        self.assertEqual(answer.headers["Content-Type"], "text/csv; charset=utf-8")
        self.assertIn("mensen.csv", answer.headers["Content-Disposition"])
        self.assertEqual(answer.body, subprocess.run([BUILD / "bin/koppel", "import", "--template"], capture_output=True, check=True).stdout)
        names, example, after = answer.body.decode("utf-8").split("\r\n")  # as spreadsheets end lines
        self.assertEqual((after, "\n" in names + example), ("", False))
        self.assertTrue(names.startswith("\ufeffvoornaam;naam;"))
        csv = answer.body.decode().replace(";1234;", ";1730;")
        tried = {"partnership": "asse", "csv": csv, "dry_run": True}
        self.assertEqual(self.expect(200, self.send("POST", "/v1/commands/import-people", tried)).json["faults"], [])

    # ---- the command line, by the same rules

    def koppel(self, *words, text):
        peers = ";".join(f"{name}={self.stack.events[name]},{self.stack.requests[name]}" for name in ("gateway", "registry"))
        return subprocess.run([BUILD / "bin/koppel", *words], input=text, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "KOPPEL_PEERS": peers, "KOPPEL_KEYS_DIR": str(self.stack.keys), "KOPPEL_DOOR": self.door})

    def test_a_national_number_by_the_command_line(self):
        def asked(name):
            return {"partnership": "asse", "kind": "school", "name": name}

        def register(name):
            return self.koppel("call", "register-organisation", "-", text=json.dumps(asked(name)))
        by_http = self.faults(self.send("POST", "/v1/commands/register-organisation", asked("Jan 93.05.18-223.61")))
        done = register("Jan 93.05.18-223.61")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(done.stderr, f"koppel call: /name {by_http['/name']}\n")
        self.assertEqual(register("School 93").returncode, 0)
        done = self.koppel("publish", "-", text=json.dumps(event(referral(external_person="93051822361"))))
        self.assertEqual(done.stderr, f"koppel publish: line 1: /0/data/external_person {by_http['/name']}\n")

    def test_all_that_is_wrong_by_the_command_line(self):
        wrong = {"postcode": "1799", "preferred_language": "zz", "gender": "woman", "found_through": "nobody",
                 "national_number": "93.05.18-223.62", "email": "a@b@example.org"}
        told = self.expect(422, self.send("POST", "/v1/commands/register-person", wrong)).json["errors"]
        self.assertEqual([one["pointer"] for one in told], ["/" + name for name in wrong])
        done = self.koppel("call", "register-person", "-", text=json.dumps(wrong))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        told = "; ".join(f"{one['pointer']} {one['detail']}" for one in told)
        self.assertTrue(f"koppel call: {told}".startswith(done.stderr.rstrip("\n")), done.stderr)
        self.assertIn("/national_number is not a national number", done.stderr)

    def test_what_was_done_by_the_command_line_keeps_its_answer(self):
        body = {"partnership": "asse", "postcode": "1730", "preferred_language": "nl"}

        def register(key, **more):
            return self.koppel("call", "--id", key, "register-person", "-", text=json.dumps({**body, **more}))
        first = register("c-1")
        self.assertEqual((register("c-1").stdout, first.returncode), (first.stdout, 0))
        self.stack.psql("UPDATE registry.request_done SET digest = '' WHERE key LIKE '%c-1'")  # as if of that content
        self.assertEqual(register("c-1", postcode="1799").stdout, first.stdout)
        done = register("c-2", postcode="1799")
        self.assertEqual((done.returncode, done.stderr), (1, "koppel call: /postcode is no postcode that exists\n"))

    def test_what_is_no_command_is_named(self):
        for text, words in (("", "is empty"), ("\ufeff{}", "byte order mark"), ("[1]", "must be a JSON object"),
                            ('{"name": Jan}', "JSON line 1, column 1"), ("{} {}", "something follows"),
                            (json.dumps({"name": "x" * 2000000}), "over the limit")):
            done = self.koppel("call", "register-organisation", "-", text=text)
            self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
            self.assertRegex(done.stderr, "^koppel call: standard input.*" + words)
            self.assertNotIn("Jan", done.stderr)
        done = self.koppel("call", "registr-organisation", text="")
        self.assertEqual(done.stderr, "koppel call: there is no command or query registr-organisation: did you mean "
                                      "register-organisation? koppel call --list names them\n")

    def test_events_over_several_lines(self):
        first, torn, second, third = event(), event(), event(), event(note='"{[\\')
        text = "\n".join((json.dumps(first, indent=2), json.dumps(torn)[:-2], json.dumps(second), "", json.dumps(third, indent=4)))
        done = self.koppel("publish", "-", text=text + "\n" + json.dumps([first], indent=1) + "\n")
        self.assertEqual([json.loads(line)["id"] for line in done.stdout.splitlines()], [one["id"] for one in (first, second, third)])
        faults = done.stderr.splitlines()
        self.assertEqual((done.returncode, len(faults)), (1, 2), done.stderr)
        self.assertRegex(faults[0], r"^koppel publish: line \d+: JSON line \d+, column \d+: ends too early$")
        self.assertIn("is a list: give its events one after the other", faults[1])


if __name__ == "__main__":
    unittest.main()
