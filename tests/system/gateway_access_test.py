#!/usr/bin/python3
"""Who may what at the edge: tokens and keys, their scopes, sources, partnerships and municipalities."""
import base64
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from edge import Edge, STATUS, event, referral  # noqa: E402


class Access(Edge):
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

    def test_a_limited_token_reads_only_its_own_of_the_log(self):
        (mine,) = self.publish(event(referral(partnership="asse", postcode="1730"))).json
        (other,) = self.publish(event()).json
        narrow = self.token("stream-gateway", partnerships=["asse"])["token"]
        page = self.expect(200, self.send("GET", f"/v1/events?stream=gateway&after={mine['seq'] - 1}", token=narrow)).json
        self.assertEqual({one["partnership"] for one in page}, {"asse"})
        self.assertIn(mine["seq"], [one["seq"] for one in page])
        self.assertNotIn(other["seq"], [one["seq"] for one in page])
        self.expect(403, self.send("GET", "/v1/events?stream=registry", token=narrow))


if __name__ == "__main__":
    unittest.main()
