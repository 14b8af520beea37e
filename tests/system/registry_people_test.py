#!/usr/bin/python3
"""People in registry on the real bus: what is kept, what is said, how they are found."""
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from client import Refused  # noqa: E402
from registry_scene import PEOPLE, Scene, insz  # noqa: E402


class People(Scene):
    def test_personal_data_stays_and_the_rest_is_said(self):
        made = self.register(**PEOPLE["amina"], profile={"birth_year": 1993, "languages": ["ar", "fr"],
                                                         "availability": ["mon-morning"]})
        person = made["person_id"]
        self.assertEqual((made["partnership"], made["nis"]), ("asse", "23002"))
        (_, data), = self.said(person, "person-registered")
        self.assertEqual(data["place"], {"postcode": "1730", "nis": "23002", "lat_e4": 509106, "lon_e4": 42000})
        self.assertEqual(data["channel"], "mail")
        self.assertNotIn("Amina", str(self.client.log("registry")))
        self.assertNotIn("93051822361", self.stack.psql("SELECT string_agg(q::text, '') FROM registry.person_private AS q"))
        row = self.ask("person", person_id=person)
        self.assertEqual((row["first_name"], row["phone"], row["national_number_known"]), ("Amina", "+32470123456", True))
        self.assertEqual(row["profile"]["availability"], ["mon-morning"])
        again = self.register(first_name="el idrissi", last_name="AMINA", national_number="93.05.18-223.61",
                              profile={"birth_year": 1993})
        alike = {d["person_id"]: d["grounds"] for d in again["possible_duplicates"]}
        self.assertEqual(alike[person], ["national-number", "name"])
        pair, = [p for p in self.ask("duplicates", partnership="asse")["pairs"] if p["person_id"] == person]
        self.assertEqual((pair["other_id"], pair["grounds"]), (again["person_id"], ["national-number", "name"]))
        self.call("erase-person", person_id=again["person_id"])

    def test_what_cannot_be_is_refused_without_repeating_it(self):
        for field, value in (("national_number", "93051822362"), ("phone", "12345678"), ("postcode", "0001")):
            text = self.refused("invalid", "register-person", **{"postcode": "1730", "preferred_language": "nl", field: value})
            if field != "postcode":
                self.assertNotIn(value, text)
        self.refused("conflict", "register-person", postcode="5000", preferred_language="nl")
        made = self.register(first_name="Twice")
        self.refused("conflict", "register-person", person_id=made["person_id"], postcode="1730", preferred_language="nl")
        self.refused("not-found", "move-person", person_id=str(uuid.uuid4()), postcode="1730")

    def test_changes_and_moves(self):
        person = self.register(first_name="Olena", last_name="Koval", email="olena@example.org", street="Oud 1")["person_id"]
        self.call("change-profile", person_id=person, profile={"gender": "woman"}, phone="+380 67 123 45 67")
        row = self.ask("person", person_id=person)
        self.assertEqual((row["first_name"], row["phone"], row["profile"]["gender"]), ("Olena", "+380671234567", "woman"))
        moved = self.call("move-person", person_id=person, postcode="2200")
        self.assertEqual((moved["partnership"], moved["nis"]), ("middenkempen", "13011"))
        (_, said), = self.said(person, "person-moved")
        self.assertEqual((said["from_nis"], said["from_partnership"]), ("23002", "asse"))
        self.assertNotIn("street", self.ask("person", person_id=person))
        stays = self.call("move-person", person_id=person, postcode="9000")
        self.assertEqual((stays["partnership"], stays["nis"]), ("middenkempen", "44021"))

    def test_what_is_known_can_be_corrected_and_taken_back(self):
        number = insz("800101777")
        person = self.register(first_name="Zoë", email="zoe@example.org", phone="0470 11 22 33")["person_id"]
        self.call("change-profile", person_id=person, street="Markt 1", national_number=number)
        row = self.ask("person", person_id=person)
        self.assertEqual((row["street"], row["national_number_known"]), ("Markt 1", True))
        self.call("change-profile", person_id=person, forget=["email", "street", "national-number"])
        row = self.ask("person", person_id=person)
        self.assertEqual((row.get("email"), row.get("street"), row["national_number_known"], row["phone"],
                          row["first_name"], row["channel"]), (None, None, False, "+32470112233", "Zoë", "sms"))
        self.assertEqual(self.register(national_number=number)["possible_duplicates"], [])

    def test_the_life_of_a_volunteer(self):
        person = self.register(**PEOPLE["jan"], found_through="market")["person_id"]
        self.refused("conflict", "hold-intake", person_id=person, programme="asse-duo", side="volunteer")
        self.call("recruit-volunteer", person_id=person, capacity=2)
        self.refused("conflict", "recruit-volunteer", person_id=person, capacity=3)
        self.assertEqual(self.call("make-volunteer-available", person_id=person)["capacity"], 2)
        self.call("hold-intake", person_id=person, programme="asse-duo", side="volunteer")
        self.refused("invalid", "rest-volunteer", person_id=person, until="2001-01-01")
        self.call("rest-volunteer", person_id=person, until="2199-01-01")
        self.assertEqual(self.stack.psql("SELECT count(*) FROM registry.timer WHERE name = 'rest-over'"), "1")
        self.call("make-volunteer-available", person_id=person, capacity=3)
        self.assertEqual(self.stack.psql("SELECT count(*) FROM registry.timer WHERE name = 'rest-over'"), "0")
        self.call("stop-volunteer", person_id=person, reason="moved")
        self.refused("conflict", "make-volunteer-available", person_id=person)
        self.assertEqual([name for name, _ in self.said(person)],
                         ["person-registered", "volunteer-recruited", "volunteer-available", "volunteer-rested",
                          "volunteer-available", "volunteer-stopped"])
        self.assertEqual([said.get("capacity_unchanged", False) for _, said in self.said(person, "volunteer-available")],
                         [False, False])
        (_, held), = [(h, d) for h, d in self.client.log("registry")
                      if h["type"].split(".")[2] == "intake-held" and d["person_id"] == person]
        self.assertEqual((held["capacity"], held["nis"], held["partnership"]), (2, "23002", "asse"))
        row = self.ask("person", person_id=person)
        self.assertEqual((row["roles"], row["volunteer"]["state"]), (["volunteer"], "stopped"))
        self.refused("not-found", "hold-intake", person_id=person, programme="nothing", side="newcomer")

    def test_consent(self):
        person = self.register(first_name="Sara", email="sara@example.org")["person_id"]
        self.assertEqual(self.ask("contact", person_id=person)["email"], "sara@example.org")
        self.call("give-consent", person_id=person, purpose="photo")
        self.call("give-consent", person_id=person, purpose="photo")
        self.call("withdraw-consent", person_id=person, purpose="contact")
        self.assertEqual([name for name, _ in self.said(person)],
                         ["person-registered", "consent-given", "consent-withdrawn"])
        self.assertEqual(self.ask("person", person_id=person)["consents"], ["photo"])
        contact = self.ask("contact", person_id=person)
        self.assertFalse(contact["may_contact"])
        self.assertNotIn("email", contact)

    def test_people_are_found_by_name_page_by_page(self):
        ids = [self.register(first_name=name, last_name="Żółć-Test")["person_id"] for name in ("Cé", "Aé", "Bé")]
        page = self.ask("people", name="zolc t", limit=2)
        rest = self.ask("people", name="zolc t", limit=2, cursor=page["next"])
        self.assertEqual([p["person_id"] for p in page["people"] + rest["people"]], [ids[1], ids[2], ids[0]])
        self.assertNotIn("next", rest)

    def test_a_name_of_signs_alone_finds_nobody(self):
        with self.assertRaisesRegex(Refused, "letter"):
            self.ask("people", name="%")

    def test_who_awaits_an_intake_is_listed_newest_first_until_it_is_held(self):
        def awaiting(**more):
            page = self.ask("arrivals", partnership="asse", **more)
            return [one["person_id"] for one in page["people"]], page.get("next")
        before, _ = awaiting(limit=200)
        people = [self.register(first_name=f"Wacht{i}")["person_id"] for i in range(4)]
        self.call("recruit-volunteer", person_id=people[1], capacity=2)
        first, cursor = awaiting(limit=3)
        rest, _ = awaiting(limit=200, cursor=cursor)
        self.assertEqual(first + rest, [*reversed(people), *before])
        row = next(one for one in self.ask("arrivals", partnership="asse")["people"] if one["person_id"] == people[1])
        self.assertEqual((row["nis"], row["volunteer_state"]), ("23002", "recruited"))
        self.assertEqual(self.ask("arrivals", partnership="asse", nis="13011")["people"], [])
        self.call("hold-intake", person_id=people[0], programme="asse-duo", side="newcomer")
        self.call("stop-volunteer", person_id=people[1], reason="other")
        self.call("erase-person", person_id=people[2])
        self.assertEqual(awaiting(limit=200)[0], [people[3], *before])
        for i, (status, shown) in enumerate({"moved-away": 0, "unreachable": 0, "deceased": 0, "employed": 1}.items()):
            told = self.refer(external_person=f"wacht-{i}")["person_id"]
            self.assertIn(told, awaiting(limit=200)[0])
            self.accept("status-changed", external_person=f"wacht-{i}", partner_type="vdab", status=status,
                        since="2026-01-01")
            self.assertEqual(awaiting(limit=200)[0].count(told), shown, status)

    def test_an_intake_counts_from_when_it_is_told(self):
        person = self.register(first_name="Nu")["person_id"]
        data = {"person_id": person, "programme": "asse-duo", "side": "newcomer"}
        with self.assertRaises(Refused) as refused:  # a day of its own it has not
            self.call("hold-intake", **data, on_date="2026-01-01")
        self.assertEqual([fault["pointer"] for fault in refused.exception.status["faults"]], ["/on_date"])
        intake = self.call("hold-intake", **data)["intake_id"]
        told, = [header["time"] for header, _ in self.client.log("registry")
                 if header.get("kind") != "command" and header.get("subject") == intake]
        self.assertEqual([one["at"] for one in self.ask("person", person_id=person)["intakes"]], [told])

    def test_a_second_referral_brings_what_the_first_did_not(self):
        first = self.refer(external_person="vdab-2nd", profile={"birth_year": 1990})
        again = self.refer(external_person="vdab-2nd", postcode="1730", preferred_language="uk", channel="none",
                           profile={"birth_year": 1999, "gender": "woman"})
        self.assertEqual((again["person_id"], again["created"]), (first["person_id"], False))
        row = self.ask("person", person_id=first["person_id"])
        self.assertEqual((row["postcode"], row["preferred_language"], row["channel"], row["profile"]["birth_year"],
                          row["profile"]["gender"]), ("1730", "uk", "none", 1990, "woman"))


if __name__ == "__main__":
    unittest.main()
