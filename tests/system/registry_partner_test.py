#!/usr/bin/python3
"""Partners' events in registry: referrals, deposits and statuses, linked, registered or parked."""
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from registry_scene import Scene, insz  # noqa: E402


class Partners(Scene):
    def test_a_referral_registers_or_finds_the_person(self):
        deposit = str(uuid.uuid4())
        number = insz("880101123")
        self.call("deposit-personal", deposit_id=deposit, first_name="Dawit", last_name="Tesfay", national_number=number)
        first = self.refer(deposit_id=deposit, external_person="vdab-1", preferred_language="ti")
        self.assertTrue(first["created"])
        row = self.ask("person", person_id=first["person_id"])
        self.assertEqual((row["first_name"], row["preferred_language"], row["found_through"]), ("Dawit", "ti", "vdab"))
        self.assertEqual(self.stack.psql("SELECT count(*) FROM registry.deposit"), "0")
        by_reference = self.refer(external_person="vdab-1")
        self.assertEqual((by_reference["person_id"], by_reference["created"]), (first["person_id"], False))
        other = str(uuid.uuid4())
        self.call("deposit-personal", deposit_id=other, national_number=number, phone="0470 99 88 77")
        by_number = self.refer(deposit_id=other, source="https://ocmw.example", partner_type="ocmw")
        self.assertEqual((by_number["person_id"], by_number["created"]), (first["person_id"], False))
        row = self.ask("person", person_id=first["person_id"])
        self.assertEqual((row["phone"], len(row["referrals"])), ("+32470998877", 3))
        stranger = self.refer(external_person="vdab-1", source="https://other.example")
        self.assertTrue(stranger["created"])

    def test_two_deposits_on_their_way_are_one_person(self):
        one, other = str(uuid.uuid4()), str(uuid.uuid4())
        for deposit in (one, other):
            self.call("deposit-personal", deposit_id=deposit, national_number=insz("770202456"))
        first, second = self.refer(deposit_id=one), self.refer(deposit_id=other)
        self.assertEqual((second["person_id"], first["created"], second["created"]), (first["person_id"], True, False))

    def parked(self, *words):
        """What waits for the operator and says these words; it is dropped, so that nothing waits behind it."""
        found = [one for one in self.client.admin("registry", "ADMIN", {"op": "dead-list"})["dead"]
                 if all(word in one["error"] for word in words)]
        for one in found:
            self.client.admin("registry", "ADMIN", {"op": "dead-drop", "source": one["source"], "seq": one["seq"],
                                                    "event_id": one["event_id"], "note": "seen by the test"})
        return len(found)

    def test_a_reference_is_not_followed_into_another_partnership(self):
        person = self.refer(external_person="vdab-9")["person_id"]
        before = self.said(person)
        self.accept("referral-received", referral_id=str(uuid.uuid4()), **{"from": "x"}, to="y", partner_type="vdab",
                    reason="work", partnership="middenkempen", postcode="2200", external_person="vdab-9")
        self.assertEqual(self.parked("asse", "middenkempen"), 1)
        for more in ({"partnership": "middenkempen"}, {"attributes": {"partnership": "middenkempen"}},
                     {"attributes": {"nis": "13011"}}):
            self.accept("status-changed", external_person="vdab-9", partner_type="vdab", status="employed",
                        postcode="2200", **more)
            self.assertEqual(self.parked("have the sender"), 1, more)
        self.assertEqual(self.said(person), before)
        self.assertEqual(self.ask("person", person_id=person)["partnership"], "asse")

    def away(self, **more):
        return {one["person_id"]: one["status"] for one in self.ask("away", partnership="asse", **more)["people"]}

    def told(self, reference, status):
        self.accept("status-changed", external_person=reference, partner_type="vdab", status=status)

    def test_who_is_told_to_be_away_is_listed_until_somebody_decides(self):
        for one in self.away():  # of other tests
            self.call("review-person", person_id=one)
        people = {name: self.refer(external_person=f"away-{name}")["person_id"] for name in ("newcomer", "volunteer", "resting", "left")}
        self.call("hold-intake", person_id=people["newcomer"], programme="asse-duo", side="newcomer")
        for name in ("volunteer", "resting"):
            self.call("recruit-volunteer", person_id=people[name], capacity=1)
        self.call("rest-volunteer", person_id=people["resting"], until="2199-01-01")
        for name, status in (("newcomer", "deceased"), ("volunteer", "unreachable"), ("resting", "moved-away"), ("left", "unreachable")):
            self.told(f"away-{name}", status)
        self.told("away-volunteer", "employed")  # which brings nobody back
        self.assertEqual(self.away(), {people["newcomer"]: "deceased", people["volunteer"]: "employed",
                                       people["resting"]: "moved-away", people["left"]: "unreachable"})
        self.assertNotIn("rest_until", self.ask("person", person_id=people["resting"])["volunteer"])
        self.assertEqual(len(self.ask("away", partnership="asse", limit=3)["people"]), 3)
        self.assertEqual(self.away(cursor=self.ask("away", partnership="asse", limit=3)["next"]), {people["newcomer"]: "deceased"})
        self.call("hold-intake", person_id=people["newcomer"], programme="asse-duo", side="newcomer")
        self.call("rest-volunteer", person_id=people["volunteer"], until="2199-01-01")
        self.call("stop-volunteer", person_id=people["resting"], reason="moved")
        self.call("review-person", person_id=people["left"])
        self.assertEqual(self.away(), {})
        self.assertEqual(self.said(people["left"], "person-reviewed"), [("person-reviewed", {"person_id": people["left"], "partnership": "asse"})])
        self.told("away-left", "deceased")
        self.assertEqual(self.away(), {people["left"]: "deceased"})
        self.call("erase-person", person_id=people["left"], reason="deceased")
        self.assertEqual(self.away(), {})

    def test_of_whom_no_intake_is_needed_is_no_arrival_until_referred_again(self):
        def arrivals():
            return {one["person_id"]: one.get("referred") for one in self.ask("arrivals", partnership="asse")["people"]}
        person = self.refer(external_person="enough")["person_id"]
        first = arrivals()[person]
        self.assertIsNotNone(first)
        self.call("review-person", person_id=person)
        self.assertNotIn(person, arrivals())
        self.assertEqual(self.refer(external_person="enough")["person_id"], person)
        self.assertGreater(arrivals()[person], first)

    def test_what_one_sender_gets_parked_stops_no_other(self):
        one, other = "https://one.example", "https://other.example"
        person = self.refer(external_person="same", source=other)["person_id"]
        self.refer(external_person="same", source=one)
        status = {"external_person": "same", "partner_type": "vdab"}
        self.accept("status-changed", source=one, partnership="middenkempen", status="employed", **status)
        self.accept("status-changed", source=other, status="in-training", **status)
        self.assertEqual(self.ask("person", person_id=person)["status"], "in-training")
        self.accept("status-changed", source=one, status="job-seeking", **status)  # behind its own
        self.assertEqual(self.parked("middenkempen"), 1)

    def test_a_national_number_does_not_lead_to_people_of_another_partnership(self):
        number = insz("900101123")
        known = self.register(first_name="Lena", national_number=number)["person_id"]
        found = []
        for header in ({}, {"partnership": "middenkempen"}, {"partnership": "middenkempen"}):
            deposit = str(uuid.uuid4())
            self.client.command("registry", "koppel.registry.deposit-personal.v1", {
                "deposit_id": deposit, "national_number": number, "email": "thief@example.org"}, **header)
            found.append(self.refer(deposit_id=deposit, partnership="middenkempen", postcode="2200"))
        self.assertEqual([(one["partnership"], one["created"]) for one in found],
                         [("middenkempen", True), ("middenkempen", False), ("middenkempen", False)])
        self.assertEqual(len({one["person_id"] for one in found} - {known}), 1)
        self.assertNotIn("email", self.ask("person", person_id=known))

    def test_the_place_of_a_page_tells_nothing_of_others(self):
        other = self.register(first_name="Anna", last_name="Aa", postcode="2200")["person_id"]
        self.assertEqual(self.ask("people", partnership="asse", cursor=other)["people"], [])

    def test_a_status_is_recorded_and_lets_a_volunteer_rest(self):
        person = self.refer(external_person="vdab-7")["person_id"]
        self.call("recruit-volunteer", person_id=person, capacity=1)
        self.accept("status-changed", external_person="vdab-7", partner_type="vdab", status="moved-away", postcode="9000")
        self.accept("status-changed", external_person="unknown", partner_type="vdab", status="employed")
        self.assertEqual([name for name, _ in self.said(person)][-3:], ["status-recorded", "person-moved", "volunteer-rested"])
        row = self.ask("person", person_id=person)
        self.assertEqual((row["status"], row["nis"], row["volunteer"]["state"]), ("moved-away", "44021", "resting"))


if __name__ == "__main__":
    unittest.main()
