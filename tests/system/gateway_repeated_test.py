#!/usr/bin/python3
"""What came before comes again: an event has one place for ever and a command its answer, whatever has become of the rules since."""
import pathlib
import sys
import unittest
import uuid

import msgpack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from edge import Edge, event, referral  # noqa: E402


class Repeated(Edge):
    def test_the_same_again_has_the_first_place_and_other_content_is_a_conflict(self):
        one = event()
        (first,) = self.expect(202, self.publish(one)).json
        (again,) = self.expect(202, self.publish(dict(reversed(one.items())))).json
        self.assertEqual(again, {**first, "duplicate": True})
        for other in ({"data": {**one["data"], "postcode": "2250"}}, {"nis": "13011"},
                      {"time": "2026-03-01T09:20:00Z"}):
            self.expect(409, self.publish({**one, **other}))
        self.assertTrue(self.publish({**one, "traceparent": f"00-{'1' * 32}-{'2' * 16}-01"}).json[0]["duplicate"])
        self.assertEqual(len([h for h, _ in self.log() if h["id"] == one["id"]]), 1)
        elsewhere = {**one, "source": "https://ocmw.example", "data": referral()}
        self.assertFalse(self.expect(202, self.publish(elsewhere)).json[0]["duplicate"])

    def test_a_referral_is_taken_once_and_another_under_its_id_is_refused(self):
        """Also by another sender, within one batch, and before anything personal goes to registry."""
        one = event(referral(external_person="r-1", personal={"first_name": "Ada"}))
        self.expect(202, self.publish(one))
        again = event(one["data"])  # as after a restart that forgot the event's id
        self.assertFalse(self.expect(202, self.publish(again)).json[0]["duplicate"])
        before = len(self.log())
        for changed in ({"postcode": "2250"}, {"reason": "work"}, {"external_person": "r-2"}):
            other = event({**one["data"], **changed, "personal": {"first_name": "Grace"}})
            self.assertIn("tell what has changed as a new referral", self.expect(409, self.publish(other)).json["detail"])
            self.expect(409, self.publish([event(), other]))
        self.expect(409, self.publish({**again, "id": str(uuid.uuid4()), "source": "https://ocmw.example"}))
        fresh = referral()
        self.expect(409, self.publish([event(fresh), event({**fresh, "reason": "work"})]))
        self.expect(202, self.publish([event(fresh), event(fresh)]))
        verb, told = self.ask(self.adapter(), b"PUBLISH", msgpack.packb([self.pair(event({**one["data"], "reason": "work"}))]))
        self.assertEqual((verb, [one["status"] for one in told]), ("ERR", ["conflict"]))
        self.assertEqual(len(self.log()), before + 2)
        self.stack.settled()
        self.assertEqual(self.stack.psql("SELECT count(*) FROM registry.deposit"), "0")
        self.assertEqual(self.stack.psql("SELECT count(*) FROM registry.person_private WHERE first_name = 'Grace'"), "0")

    def old(self):
        """An event that the loop took in when the edge had fewer rules, and its place."""
        model, one = event(referral(preferred_language="nl")), event()
        (ack,) = self.expect(202, self.publish(model)).json
        header, taken = next((h, d) for h, d in self.log() if h["seq"] == ack["seq"])
        one["data"] = {**taken, "preferred_language": "xx", "postcode": "1799", "referral_id": str(uuid.uuid4())}
        header = {**{name: header[name] for name in ("specversion", "source", "type", "partnership", "actor")}, "id": one["id"],
                  "subject": one["data"]["referral_id"]}
        (ack,) = self.stack.client.command("gateway", "koppel.gateway.accept-events.v1",
                                           {"events": [{"header": header, "data": one["data"]}]})["acks"]
        self.assertFalse(ack["duplicate"])
        return one, ack["seq"]

    def test_what_was_taken_in_by_other_rules_is_the_same_event_still(self):
        (one, first), (other, second) = self.old(), self.old()
        (ack,) = self.expect(202, self.publish(one)).json
        self.assertEqual((ack["seq"], ack["duplicate"]), (first, True))
        fresh = event(referral(personal={"first_name": "Ada"}))
        acks = self.expect(202, self.publish([other, fresh, one])).json
        self.assertEqual([(ack["id"], ack["duplicate"]) for ack in acks], [(other["id"], True), (fresh["id"], False), (one["id"], True)])
        self.assertEqual([acks[0]["seq"], acks[2]["seq"]], [second, first])
        verb, acks = self.ask(self.adapter(), b"PUBLISH", msgpack.packb([self.pair(one), self.pair(event())]))
        self.assertEqual((verb, [ack["duplicate"] for ack in acks], acks[0]["seq"]), ("ACK", [True, False], first))

    def test_the_rules_hold_for_what_is_new(self):
        one, _ = self.old()
        new = event({**one["data"], "referral_id": str(uuid.uuid4())})
        wrong = {"/data/preferred_language", "/data/postcode"}
        before = len(self.log())
        self.assertEqual(self.expect(422, self.publish(new)).places, wrong)
        answer = self.expect(422, self.publish([event(), one, new]))
        self.assertEqual(answer.places, {"/2" + place for place in wrong})
        self.assertIn("2 places", answer.json["detail"])
        lost = event(referral(partnership="nowhere", postcode="1799"))
        self.assertEqual(self.expect(422, self.publish([one, lost])).places, {"/1/data/partnership", "/1/data/postcode"})
        verb, faults = self.ask(self.adapter(), b"PUBLISH", msgpack.packb([self.pair(one), self.pair(new)]))
        self.assertEqual((verb, {fault["pointer"] for fault in faults}), ("ERR", {"/1" + place for place in wrong}))
        self.expect(409, self.publish({**one, "data": {**one["data"], "preferred_language": "xy"}}))
        self.assertEqual(len(self.log()), before)

    def test_who_may_not_send_it_does_not_learn_that_it_came(self):
        one, _ = self.old()
        stranger = self.token("referral-received", sources=["https://other.example"])["token"]
        answers = [self.expect(422, self.publish({**one, "id": id_}, token=stranger)).json for id_ in (one["id"], str(uuid.uuid4()))]
        self.assertEqual(answers[0], answers[1])

    # ---- commands

    def command(self, name, body, key=None, **more):
        return self.send("POST", f"/v1/commands/{name}", body, **({"Idempotency_Key": key} if key else {}), **more)

    def test_a_command_that_was_done_keeps_its_answer_whatever_the_rules(self):
        body, wrong = {"partnership": "asse", "postcode": "1730", "preferred_language": "nl"}, {"postcode": "1799"}
        first = self.expect(200, self.command("register-person", body, "k-1")).json
        # As if it had been done with that content, by other rules: what was kept under another key is not compared.
        self.stack.psql("UPDATE registry.request_done SET digest = '' WHERE key LIKE 'gateway/%'")
        before = int(self.stack.psql("SELECT count(*) FROM registry.person"))
        again = self.expect(200, self.command("register-person", {**body, **wrong, "profile": {"birth_year": 2100}}, "k-1"))
        self.assertEqual(again.json, first)
        for key in ("k-2", None):
            answer = self.expect(422, self.command("register-person", {**body, **wrong}, key))
            self.assertEqual(answer.places, {"/postcode"})
        self.expect(422, self.command("register-person", {**body, "postcode": 1}, "k-1"))  # can stand in no command
        self.assertEqual(int(self.stack.psql("SELECT count(*) FROM registry.person")), before)

    def test_other_content_under_a_used_key_is_a_conflict_also_where_a_rule_refuses_it(self):
        body = {"partnership": "asse", "postcode": "1730", "preferred_language": "nl"}
        self.expect(200, self.command("register-person", body, "k-3"))
        self.expect(409, self.command("register-person", {**body, "postcode": "1799"}, "k-3"))

    def test_what_a_rule_refuses_is_refused_also_where_its_service_is_away(self):
        body = {"partnership": "asse", "postcode": "1799", "preferred_language": "nl"}
        self.stack.kill("registry")
        try:
            for key in (None, "k-6"):
                answer = self.expect(422, self.command("register-person", body, key))
                self.assertEqual(answer.places, {"/postcode"})
        finally:
            self.stack.start("registry")
            self.stack.wait_ready("registry")

    def test_a_command_that_was_done_keeps_its_answer_whoever_serves_the_person(self):
        asse = self.token("*", partnerships=["asse"])["token"]
        person = self.expect(200, self.command("register-person", {
            "partnership": "asse", "postcode": "1730", "preferred_language": "nl"}, token=asse)).json["person_id"]
        consent = {"person_id": person, "purpose": "photo"}
        first = self.expect(200, self.command("give-consent", consent, "k-4", token=asse)).json
        self.expect(200, self.command("move-person", {"person_id": person, "postcode": "2200"}))
        self.assertEqual(self.expect(200, self.command("give-consent", consent, "k-4", token=asse)).json, first)
        for key in ("k-5", None):
            self.expect(403, self.command("give-consent", consent, key, token=asse))


if __name__ == "__main__":
    unittest.main()
