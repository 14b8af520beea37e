#!/usr/bin/python3
"""Who may what at the edge: tokens and keys, their scopes, sources, partnerships and municipalities."""
import base64
import datetime
import pathlib
import sys
import time
import unittest
import uuid

import msgpack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from client import Refused, write_key  # noqa: E402
from edge import Edge, REFERRAL, SOURCE, STATUS, TOKEN, event, referral  # noqa: E402
from waiting import eventually  # noqa: E402


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
        denied = "you may not write for the partnership middenkempen: your partnerships: asse"
        self.assertEqual(answer.json["errors"], [{"pointer": "/data/partnership", "detail": denied}])
        self.assertEqual(answer.json["detail"], "/data/partnership: " + denied)
        status = {"external_person": "p-1", "partner_type": "vdab", "status": "employed"}
        self.assertIn("status-changed", self.expect(403, self.publish(event(status, STATUS), token=narrow)).json["detail"])
        answer = self.expect(403, self.send("POST", "/v1/commands/create-token", {"name": "x", "scopes": ["*"]}, token=narrow))
        self.assertIn('scope="create-token"', answer.headers["WWW-Authenticate"])
        self.expect(200, self.send("GET", "/v1/people?partnership=asse", token=narrow))
        self.expect(403, self.send("GET", "/v1/people?partnership=middenkempen", token=narrow))
        self.expect(403, self.send("GET", "/v1/people", token=narrow))
        local = self.token("referral-*", nis=["13011"])["token"]
        self.expect(202, self.publish(event(nis="13011"), token=local))
        self.expect(403, self.publish(event(referral(postcode="2280"), nis="13010"), token=local))
        answer = self.expect(403, self.publish(event(), token=local))
        self.assertEqual(answer.json["detail"], "/nis: name one of your municipalities here: 13011")

    def test_a_person_of_another_partnership_is_not_shown(self):
        (person,) = [self.expect(200, self.send("POST", "/v1/commands/register-person", {
            "partnership": "middenkempen", "postcode": "2200", "preferred_language": "nl"})).json["person_id"]]
        narrow = self.token("person", partnerships=["asse"])["token"]
        self.expect(403, self.send("GET", f"/v1/people/{person}", token=narrow))
        self.expect(200, self.send("GET", f"/v1/people/{person}"))

    def test_a_partner_asks_after_its_own_referrals_alone(self):
        """Whose they are is said by the token, and nobody asks for another's."""
        stand = self.stand("reporting", lambda *asked: ({"status": "ok"}, {"steps": [], "after": "0.0"}))
        wide = self.token("own-referrals", name="adapter:ocmw", sources=[])["token"]
        narrow = self.token("own-referrals", partnerships=["asse"], nis=["23002"])["token"]
        of_name = [f"urn:koppel:adapter:ocmw{end}" for end in ("", "/*", ":*")]
        for token, whose in ((wide, {"sources": of_name, "partnerships": [], "nis": []}), (narrow, {"sources": [SOURCE], "partnerships": ["asse"], "nis": ["23002"]})):
            self.assertEqual(self.expect(200, self.send("GET", "/v1/own-referrals?after=3.7&limit=9", token=token)).json["after"], "0.0")
            self.assertEqual(stand.asked.pop(), ("koppel.reporting.own-referrals.v1", {"after": "3.7", "limit": 9, **whose}))
            for forged in ("sources=*", "sources[]=*", "partnerships=middenkempen", "nis=13011"):
                answer = self.expect(422, self.send("GET", "/v1/own-referrals?" + forged, token=token))
                self.assertEqual([fault["detail"] for fault in answer.json["errors"]], ["is not known here; there are after, limit"])
        for after in ("3", "x.y", "-1.0", "1" * 20 + ".0"):
            self.assertEqual(self.expect(422, self.send("GET", "/v1/own-referrals?after=" + after, token=wide)).places, {"/after"})
        self.expect(403, self.send("GET", "/v1/own-referrals", token=self.token("referral-received")["token"]))
        self.assertEqual(stand.asked, [])

    def test_a_partner_asks_after_its_own_early_statuses_alone(self):
        data = {"external_person": "early-1", "partner_type": "vdab", "status": "employed", "partnership": "asse"}
        mine, other, narrow = (self.token("status-changed", "own-early-statuses", sources=[source], **more)["token"] for source, more in (
            ("https://early.example/*", {}), ("https://earlier.example/*", {}), ("https://early.example/*", {"partnerships": ["middenkempen"]})))
        self.expect(202, self.publish(event(data, STATUS, source="https://early.example/a"), token=mine))

        def asked(token, more=""):
            return self.expect(200, self.send("GET", "/v1/own-early-statuses" + more, token=token)).json

        told, = eventually(lambda: asked(mine)["statuses"], what="the status read")
        self.assertEqual((told["source"], told["external_person"], told["partnership"]), ("https://early.example/a", "early-1", "asse"))
        for token in other, narrow:
            self.assertEqual(asked(token, "?limit=9"), {"statuses": [], "total": 0})
        self.assertIn(told, asked(TOKEN)["statuses"])
        for forged in ("sources=*", "sources[]=*", "partnerships=asse", "nis=23002"):
            answer = self.expect(422, self.send("GET", "/v1/own-early-statuses?" + forged, token=mine))
            self.assertEqual([fault["detail"] for fault in answer.json["errors"]], ["is not known here; there are limit, cursor"])
        self.expect(403, self.send("GET", "/v1/own-early-statuses", token=self.token("own-referrals")["token"]))

    def test_a_token_speaks_only_as_itself(self):
        mine, other = (self.token("*", name=name, sources=[])["token"] for name in ("adapter:vdab", "adapter:vdab-west"))
        for source in ("urn:koppel:adapter:vdab", "urn:koppel:adapter:vdab/turnhout", "urn:koppel:adapter:vdab:1"):
            self.expect(202, self.publish(event(source=source), token=mine))
            answer = self.expect(403, self.publish(event(source=source), token=other))
            self.assertIn("urn:koppel:adapter:vdab-west", answer.json["detail"])
        for source in ("urn:koppel:adapter:vda", "urn:koppel:adapter:vdab-west", "https://vdab.example", "x", "/registry"):
            self.expect(403, self.publish([event(source="urn:koppel:adapter:vdab"), event(source=source)], token=mine))
        given = self.token("*", sources=["https://a.example/*", "https://b.example"])["token"]
        for source, status in (("https://a.example/1", 202), ("https://b.example", 202), ("https://b.example/1", 403),
                               ("https://a.example", 403), ("urn:koppel:adapter:test", 403)):
            self.expect(status, self.publish(event(source=source), token=given))
        self.expect(202, self.publish(event(source="anything at all")))  # the built-in token
        row = self.expect(200, self.send("GET", "/v1/tokens?name=adapter:test")).json["tokens"][0]
        self.assertEqual(row["sources"], ["https://a.example/*", "https://b.example"])
        made = ["urn:koppel:adapter:vdab", "urn:koppel:adapter:vdab/*", "urn:koppel:adapter:vdab:*"]
        rows = self.expect(200, self.send("GET", "/v1/tokens?name=adapter:vdab")).json["tokens"]
        self.assertEqual([row["sources"] for row in rows], [made])
        self.assertEqual(self.expect(200, self.send("GET", "/v1/own-token", token=mine)).json["sources"], made)
        again = self.token("*", name="adapter:vdab", sources=made)["token"]
        self.expect(202, self.publish(event(source="urn:koppel:adapter:vdab/turnhout"), token=again))

    def test_a_key_speaks_only_as_itself(self):
        def verb_of(key, **changes):
            verb, answer = self.ask(self.adapter(key), b"PUBLISH", msgpack.packb([self.pair(event(**changes))]))
            return verb if verb == "ACK" else answer[0]["status"]
        plain = write_key(self.stack.keys, "ocmw", "adapter")
        self.assertEqual(verb_of(plain, source="urn:koppel:adapter:ocmw"), "ACK")
        self.assertEqual(verb_of(plain, source="urn:koppel:adapter:adapter"), "denied")
        self.assertEqual(verb_of(plain), "denied")
        asse = write_key(self.stack.keys, "asse", "adapter", f"source={SOURCE} partnership=asse")
        self.assertEqual(verb_of(asse, data=referral(partnership="asse", postcode="1730")), "ACK")
        verb, (told,) = self.ask(self.adapter(asse), b"PUBLISH", msgpack.packb([self.pair(event())]))
        self.assertEqual((verb, told), ("ERR", {
            "status": "denied", "pointer": "/0/data/partnership",
            "text": "you may not write for the partnership middenkempen: your partnerships: asse"}))
        self.assertEqual(verb_of(write_key(self.stack.keys, "typo", "adapter", "partnerships=asse")), "denied")

    def test_all_that_is_denied_of_a_batch_is_told(self):
        narrow = self.token("*", partnerships=["asse"])["token"]
        mine = event(referral(partnership="asse", postcode="1730"))
        batch = [event(), mine, event(source="urn:other"), event(source="urn:other", data=mine["data"])]
        wrong = {"/0/data/partnership", "/2/data/partnership", "/2/source", "/3/source"}
        before = len(self.log())
        answer = self.expect(403, self.publish(batch, token=narrow))
        self.assertEqual(answer.places, wrong)
        self.assertIn("; and 3 more", answer.json["detail"])
        key = write_key(self.stack.keys, "narrow", "adapter", f"source={SOURCE} partnership=asse")
        verb, faults = self.ask(self.adapter(key), b"PUBLISH", msgpack.packb([self.pair(one) for one in batch]))
        self.assertEqual((verb, {one["status"] for one in faults}), ("ERR", {"denied"}))
        self.assertEqual({one["pointer"].replace("/header", "") for one in faults}, wrong)
        self.assertEqual(len(self.log()), before)

    def test_an_unknown_partnership_is_refused_at_the_door(self):
        before = len(self.log())
        batch = [event(), event(referral(partnership="nowhere"), nis="13011"), event(referral(partnership="no-where"))]
        answer = self.expect(422, self.publish(batch))
        self.assertEqual(answer.places, {"/1/data/partnership", "/2/data/partnership"})
        self.expect(422, self.publish(event(referral(partnership="nowhere", personal={"first_name": "Ada"}))))
        status = {"external_person": "p-1", "partner_type": "vdab", "status": "employed", "partnership": "nowhere"}
        self.expect(422, self.publish(event(status, STATUS)))
        verb, faults = self.ask(self.adapter(), b"PUBLISH", msgpack.packb([self.pair(one) for one in batch]))
        self.assertEqual((verb, [one["pointer"] for one in faults]), ("ERR", ["/1/data/partnership", "/2/data/partnership"]))
        self.assertEqual(len(self.log()), before)
        self.assertEqual(self.stack.psql("SELECT count(*) FROM registry.deposit"), "0")

    def linked(self, referral_id):
        return [d["person_id"] for _, d in self.stack.client.log("registry") if d.get("referral_id") == referral_id]

    def test_events_about_people_of_others_are_refused_at_the_door(self):
        one = referral(external_person="case-77")
        self.expect(202, self.publish(event(one)))
        (person,) = eventually(lambda: self.linked(one["referral_id"]), what="the referral linked")
        asse, herentals = (self.token("*", partnerships=[name])["token"] for name in ("asse", "middenkempen"))
        local, elsewhere = (self.token("*", nis=[nis])["token"] for nis in ("13011", "13010"))
        status = {"external_person": "case-77", "partner_type": "vdab", "status": "employed"}
        for token, more, attributes, expected in (
                (asse, {"partnership": "asse"}, {}, 403), (herentals, {"partnership": "middenkempen"}, {}, 202),
                (elsewhere, {}, {"nis": "13010"}, 403), (local, {}, {"nis": "13011"}, 202)):
            self.expect(expected, self.publish(event({**status, **more}, STATUS, **attributes), token=token))
        again = referral(partnership="asse", postcode="1730", external_person="case-77")
        self.expect(403, self.publish(event(again), token=asse))
        self.expect(202, self.publish(event(again, source=SOURCE + "/2"),
                                      token=self.token("*", partnerships=["asse"], sources=[SOURCE + "/*"])["token"]))
        for name, body in (("move-person", {"person_id": person, "postcode": "1730"}),
                           ("erase-person", {"person_id": person}), ("rest-volunteer", {"person_id": person})):
            self.expect(403, self.send("POST", f"/v1/commands/{name}", body, token=asse))
        mine = self.expect(200, self.send("POST", "/v1/commands/register-person", {
            "partnership": "asse", "postcode": "1730", "preferred_language": "ar"}, token=asse)).json["person_id"]
        for keep, drop in ((mine, person), (person, mine)):
            self.expect(403, self.send("POST", "/v1/commands/merge-people", {"keep_id": keep, "drop_id": drop}, token=asse))
        self.expect(200, self.send("POST", "/v1/commands/move-person", {"person_id": mine, "postcode": "1731"}, token=asse))
        self.assertEqual(self.expect(200, self.send("GET", f"/v1/people/{person}")).json["partnership"], "middenkempen")

    def test_people_of_others_are_told_by_their_places_and_what_came_before_stays(self):
        asse = self.token("*", partnerships=["asse"])["token"]
        cases = [event(referral(partnership="asse", postcode="1730", external_person=f"case-{n}")) for n in (81, 82, 83)]
        acks = self.expect(202, self.publish(cases, token=asse)).json
        people = [eventually(lambda: self.linked(one["data"]["referral_id"]), what="the referral linked")[0] for one in cases]
        for person in people[1:]:
            self.expect(200, self.send("POST", "/v1/commands/move-person", {"person_id": person, "postcode": "2200"}))
        again = self.expect(202, self.publish(cases, token=asse)).json
        self.assertEqual([(one["seq"], one["duplicate"]) for one in again], [(one["seq"], True) for one in acks])
        told = [event({"external_person": f"case-{n}", "partner_type": "vdab", "status": "employed", "partnership": "asse"}, STATUS)
                for n in (81, 82, 83)]
        before = len(self.log())
        answer = self.expect(403, self.publish([cases[2], *told], token=asse))
        self.assertEqual(answer.places, {"/2/data/external_person", "/3/data/external_person"})
        self.assertEqual(len(self.log()), before)

    def test_what_came_before_of_people_of_others_brings_in_no_unknown_partnership(self):
        local = self.token("*", nis=["13011"])["token"]
        case = event(referral(external_person="case-91"), nis="13011")
        self.expect(202, self.publish(case, token=local))
        (person,) = eventually(lambda: self.linked(case["data"]["referral_id"]), what="the referral linked")
        self.expect(200, self.send("POST", "/v1/commands/move-person", {"person_id": person, "postcode": "1730"}))
        self.expect(202, self.publish(case, token=local))
        ghost, before = event(referral(partnership="nowhere"), nis="13011"), len(self.log())
        foreign = event(referral(external_person="case-91"), nis="13011")
        for batch in ([case, ghost], [foreign, ghost]):
            answer = self.expect(422, self.publish(batch, token=local))
            self.assertEqual(answer.places, {"/1/data/partnership"})
        self.assertEqual(len(self.log()), before)

    def test_a_limited_token_changes_nothing_of_others(self):
        asse = self.token("*", partnerships=["asse"])["token"]
        made = self.token("people")
        person = {"postcode": "2200", "preferred_language": "ar"}
        for name, body in (("register-person", person), ("register-person", {**person, "partnership": "middenkempen"}),
                           ("add-member", {"partnership": "middenkempen", "nis": "13010", "since": "2026-01-01"}),
                           ("revoke-token", {"token_id": made["token_id"]})):
            self.expect(403, self.send("POST", f"/v1/commands/{name}", body, token=asse))
        self.expect(200, self.send("GET", "/v1/people", token=made["token"]))
        self.expect(403, self.send("GET", "/v1/tokens", token=asse))
        self.expect(200, self.send("GET", "/v1/tokens"))
        local = self.token("*", nis=["23002"])["token"]
        self.expect(403, self.send("GET", "/v1/duplicates", token=local))
        self.expect(200, self.send("GET", "/v1/partnerships", token=local))
        self.expect(200, self.send("POST", "/v1/commands/register-person", {**person, "postcode": "1730"}, token=asse))

    def test_a_calendar_is_opened_by_who_serves_the_person(self):
        """Scheduling knows nobody's municipality: only the gateway can tell."""
        person = self.expect(200, self.send("POST", "/v1/commands/register-person", {
            "partnership": "middenkempen", "postcode": "2200", "preferred_language": "ar"})).json["person_id"]
        for limits, served in (({"partnerships": ["asse"]}, False), ({"nis": ["13010"]}, False),
                               ({"partnerships": ["middenkempen"], "nis": ["13010"]}, False),
                               ({"partnerships": ["asse"], "nis": ["13011"]}, False),
                               ({"partnerships": ["middenkempen"], "nis": ["13011"]}, True)):
            answer = self.send("POST", "/v1/commands/issue-calendar-link", {"person_id": person},
                               token=self.token("*", **limits)["token"])
            refused = "does not cover the partnership and municipality of this person" in answer.json["detail"]
            self.assertEqual((answer.status == 403, refused), (not served, not served), limits)

    def test_nobody_gives_what_they_do_not_have(self):
        def give(token, **gift):
            return self.send("POST", "/v1/commands/create-token", {"name": "adapter:new", **gift}, token=token).status
        asse = self.token("*", partnerships=["asse"])["token"]
        self.assertEqual(give(asse, scopes=["people"], partnerships=["asse"]), 403)
        office = self.token("create-token", "referral-*", sources=["urn:koppel:*"])["token"]
        self.assertEqual(give(office, scopes=["referral-received"]), 200)
        for gift in ({"scopes": ["*"]}, {"scopes": ["referral-received", "people"]}, {"scopes": ["referral"]},
                     {"scopes": ["referral-*"], "sources": [SOURCE]}, {"scopes": ["referral-*"], "sources": ["*"]}):
            self.assertEqual(give(office, **gift), 403, gift)
        plain = self.token("create-token", "referral-*", name="office", sources=[])["token"]
        self.assertEqual(give(plain, scopes=["referral-*"]), 403)  # to speak as another
        with self.assertRaisesRegex(Refused, "too many"):
            self.stack.client.command("gateway", "koppel.gateway.create-token.v1", {
                "name": "adapter:new", "scopes": ["*"], "partnerships": [f"p{n:036d}" for n in range(100)]})

    def test_a_token_names_only_what_exists(self):
        before = len(self.expect(200, self.send("GET", "/v1/tokens")).json["tokens"])
        for gift, *words in (
                ({"partnerships": ["asse", "midenkempen"]},
                 "no partnership midenkempen: did you mean middenkempen?; known are: asse, middenkempen"),
                ({"nis": ["23003"]}, "serves municipality 23003: did you mean 23002 Asse?", "13011 Herentals"),
                ({"nis": ["99999"]}, "serves municipality 99999; known are: 13010"),
                ({"scopes": ["referal-received"]}, "referal-received covers nothing: did you mean referral-received?"),
                ({"scopes": ["stream-*", "duo-stopped"]}, "duo-stopped covers nothing")):
            detail = self.expect(422, self.send("POST", "/v1/commands/create-token", {
                "name": "adapter:new", "scopes": ["*"], **gift})).json["detail"]
            for word in words:
                self.assertIn(word, detail)
        self.assertEqual(len(self.expect(200, self.send("GET", "/v1/tokens")).json["tokens"]), before)

    def test_a_number_known_elsewhere_is_not_told(self):
        person = {"preferred_language": "nl", "national_number": "93051822361", "first_name": "Amina"}
        there = self.expect(200, self.send("POST", "/v1/commands/register-person", {**person, "postcode": "2200"})).json
        asse = self.token("*", partnerships=["asse"])["token"]
        here = self.expect(200, self.send("POST", "/v1/commands/register-person", {
            **person, "postcode": "1730", "partnership": "asse"}, token=asse)).json
        self.assertNotIn(there["person_id"], str(here))
        csv = "postcode,preferred_language,national_number\n1730,nl,93051822361\n"
        listed = self.expect(200, self.send("POST", "/v1/commands/import-people", {
            "partnership": "asse", "csv": csv, "dry_run": True}, token=asse)).json
        self.assertIn(here["person_id"], str(listed))
        self.assertNotIn(there["person_id"], str(listed))
        self.assertNotIn(there["person_id"], self.send("GET", "/v1/duplicates?partnership=asse", token=asse).body.decode())
        self.assertIn(there["person_id"], self.send("GET", "/v1/duplicates?partnership=asse").body.decode())

    def test_keys_for_repetition_count_for_each_token(self):
        body = {"partnership": "asse", "postcode": "1730", "preferred_language": "ar"}
        one, two = (self.token("*")["token"] for _ in range(2))  # of one name
        first, second = (self.expect(200, self.send("POST", "/v1/commands/register-person", body, token=token,
                                                    Idempotency_Key="same")).json for token in (one, two))
        self.assertNotEqual(first["person_id"], second["person_id"])

    def test_keys_for_repetition_count_for_each_command(self):
        person = {"partnership": "asse", "postcode": "1730", "preferred_language": "ar"}
        commands = {"register-person": person, "register-organisation": {"partnership": "asse", "name": "De Brug", "kind": "other"},
                    "create-token": {"name": "adapter:case", "scopes": ["people"]}}  # two of one service, one of another
        first, again = ({name: self.expect(200, self.send("POST", f"/v1/commands/{name}", body, Idempotency_Key="case-7")).json
                         for name, body in commands.items()} for _ in range(2))
        self.assertEqual(len({answer[field] for answer, field in zip(
            first.values(), ("person_id", "organisation_id", "token_id"))}), 3)
        del first["create-token"]["token"]  # told once
        self.assertEqual(again, first)
        self.expect(409, self.send("POST", "/v1/commands/register-person", {**person, "postcode": "1731"}, Idempotency_Key="case-7"))

    def test_a_token_made_twice_with_one_key_is_one_whose_secret_is_told_once(self):
        body = {"name": "adapter:twice", "scopes": ["people"]}
        first, again = (self.expect(200, self.send("POST", "/v1/commands/create-token", body, Idempotency_Key="once")).json
                        for _ in range(2))
        self.assertEqual(again, {"token_id": first["token_id"]})
        self.assertNotIn(first["token"], self.stack.psql("SELECT string_agg(encode(reply, 'escape'), '') FROM gateway.request_done"))

    def test_the_built_in_token_was_made_today(self):
        row = self.expect(200, self.send("GET", "/v1/tokens?name=developer")).json["tokens"][0]
        made = datetime.datetime.fromisoformat(row["created"])
        self.assertLess(abs(datetime.datetime.now(datetime.timezone.utc) - made), datetime.timedelta(hours=1))

    def test_a_token_that_is_over_before_it_begins_is_not_made(self):
        def made(expires):
            return self.send("POST", "/v1/commands/create-token", {"name": "adapter:late", "scopes": ["*"], "expires": expires})
        answer = self.expect(422, made("2020-01-01"))
        self.assertEqual(answer.json["errors"][0]["pointer"], "/expires")
        self.assertIn("lies in the past", answer.json["errors"][0]["detail"])
        (today,) = self.stack.psql("SELECT (now() AT TIME ZONE 'Europe/Brussels')::date").split()
        following = (datetime.date.fromisoformat(today) + datetime.timedelta(days=1)).isoformat()  # as midnight may come
        self.expect(200, made(following))

    def test_a_revoked_token_stops_at_once(self):
        made = self.token("*")
        self.expect(200, self.send("GET", "/v1/partnerships", token=made["token"]))
        self.expect(200, self.send("POST", "/v1/commands/revoke-token", {"token_id": made["token_id"]}))
        self.expect(401, self.send("GET", "/v1/partnerships", token=made["token"]))

    def test_a_revoked_token_reads_no_further(self):
        (first,) = self.publish(event()).json
        made, expired = self.token("stream-gateway"), self.token("stream-gateway")
        busy, quiet, over, other = (self.live(after=first["seq"], token=one)
                                    for one in (made["token"], made["token"], expired["token"], TOKEN))
        began = time.monotonic()
        self.expect(200, self.send("POST", "/v1/commands/revoke-token", {"token_id": made["token_id"]}))
        self.stack.psql(f"UPDATE gateway.token SET expires = '2020-01-01' WHERE token_id = '{expired['token_id']}'")
        with self.assertRaises(EOFError):
            while time.monotonic() - began < 30:
                self.publish(event())
                busy()
        self.assertLess(time.monotonic() - began, 15)  # within three seconds, on a machine with nothing else to do
        for following in (quiet, over):
            with self.assertRaises(EOFError):
                while True:
                    following()
        self.expect(401, self.send("GET", "/v1/events?stream=gateway", token=made["token"]))
        (last,) = self.publish(event()).json
        while other()[0] < last["seq"]:
            pass

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
        for name in ("accept-events", "gateway/accept-events", "accept-events.v1", "deposit-personal", "deposit-batch",
                     "check-token", "check-events", "contact", "registry/contact", "people"):
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

    def test_what_an_event_says_tells_whose_it_is_before_its_header(self):
        """A command that names no partnership gives its events none, and what follows from another's has that one."""
        narrow = self.token("stream-gateway", partnerships=["asse"])["token"]
        (before,), ids = self.publish(event()).json, {}
        for name, data, header in (("none", "asse", {}), ("another's", "asse", {"partnership": "middenkempen"}),
                                   ("not ours", "middenkempen", {"partnership": "asse"})):
            ids[name] = str(uuid.uuid4())
            self.stack.client.command("gateway", "koppel.gateway.accept-events.v1", {"events": [{
                "data": referral(partnership=data), "header": {
                    "id": ids[name], "source": SOURCE, "type": REFERRAL, "specversion": "1.0", "subject": "x", **header}}]})
        page = self.expect(200, self.send("GET", f"/v1/events?stream=gateway&after={before['seq']}", token=narrow)).json
        seen = {one["id"] for one in page}
        self.assertEqual([name for name, id_ in ids.items() if id_ in seen], ["none", "another's"])


if __name__ == "__main__":
    unittest.main()
