#!/usr/bin/python3
"""Registry on the real bus: partnerships, people and their personal data, merging and erasure."""
import datetime
import pathlib
import sys
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ministack import Refused  # noqa: E402
from registry_scene import PEOPLE, Scene, insz  # noqa: E402


class Registry(Scene):
    def test_a_refusal_names_the_field(self):
        person = self.register()["person_id"]
        wrong = {"national_number": "93051822362", "postcode": "0001"}
        for name, data in (("register-person", {**wrong, "phone": "123456789", "preferred_language": "nl"}),
                           ("change-profile", {"person_id": person, "national_number": "93051822362", "phone": "123456789"}),
                           ("move-person", {"person_id": person, "street": "a\nb", "postcode": "0001"})):
            with self.assertRaises(Refused) as refused:
                self.call(name, **data)
            self.assertEqual({f["pointer"] for f in refused.exception.status["faults"]},
                             {f"/{field}" for field in data} - {"/preferred_language", "/person_id"}, name)
        for name, pointer, data in (
                ("register-person", "/national_number", {"postcode": "1730", "preferred_language": "nl",
                                                         "national_number": "93051822362"}),
                ("change-profile", "/email", {"person_id": person, "email": "no address"}),
                ("register-person", "/postcode", {"postcode": "0001", "preferred_language": "nl"}),
                ("register-person", "/profile/birth_year", {"postcode": "1730", "preferred_language": "nl",
                                                            "profile": {"birth_year": 2090}}),
                ("change-profile", "/profile/child_birth_years/1", {"person_id": person, "profile": {"child_birth_years": [2020, 2090]}}),
                ("move-person", "/postcode", {"person_id": person, "postcode": "0001"}),
                ("add-member", "/nis", {"partnership": "asse", "nis": "99999", "since": "2022-01-01"}),
                ("import-people", "/csv", {"partnership": "asse"}),
                ("merge-people", "/drop_id", {"keep_id": person, "drop_id": person}),
                ("hold-intake", "/capacity", {"person_id": person, "programme": "asse-duo", "side": "newcomer", "capacity": 1}),
                ("hold-intake", "/programme", {"person_id": person, "programme": "nowhere", "side": "newcomer"})):
            with self.assertRaises(Refused) as refused:
                self.call(name, **data)
            self.assertEqual([f["pointer"] for f in refused.exception.status["faults"]], [pointer], name)

    def test_what_failed_for_a_fault_of_ours_is_told_in_the_log(self):
        person = self.register(first_name="Nooitverklapt")["person_id"]
        self.ask("person", person_id=person)  # by a connection that stays, where the statement is prepared
        log = self.stack.folder / "registry.log"
        before = log.stat().st_size
        self.stack.psql("ALTER TABLE registry.person_private RENAME TO person_hidden")
        try:
            self.refused("bug", "register-person", postcode="1730", preferred_language="nl", first_name="Nooitverklapt")
            with self.assertRaises(Refused) as refused:
                self.ask("person", person_id=person)
        finally:
            self.stack.psql("ALTER TABLE registry.person_hidden RENAME TO person_private")
        self.assertEqual(refused.exception.status["status"], "bug")
        told = log.read_bytes()[before:].decode()
        for name in ("register-person", "person"):
            self.assertRegex(told, rf"(?m) warn  registry koppel\.registry\.{name}\.v1 failed: \S")
        self.assertNotIn("Nooitverklapt", told)

    # ---- partnerships and programmes

    def test_partnerships_have_their_municipalities(self):
        row, = self.ask("partnerships", partnership="middenkempen")["partnerships"]
        self.assertEqual([m["name"] for m in row["municipalities"]], ["Grobbendonk", "Herentals", "Herenthout"])
        self.assertEqual(self.call("add-member", partnership="middenkempen", nis="13017", since="2022-01-01")["members"], 4)
        self.assertEqual(self.call("add-member", partnership="middenkempen", nis="13017", since="2022-01-01")["members"], 4)
        self.refused("conflict", "add-member", partnership="asse", nis="13017", since="2022-01-01")
        self.refused("invalid", "add-member", partnership="asse", nis="99999", since="2022-01-01")
        self.refused("not-found", "add-member", partnership="nowhere", nis="44021", since="2022-01-01")
        self.refused("conflict", "form-partnership", partnership="asse", name="Asse", since="2012-01-01",
                     lead_nis="44021", municipalities=[{"nis": "44021"}])
        for lead, members, places in (
                ("44021", ["44043"], {"/municipalities"}),
                ("99999", ["44043", "99998", "44043"],
                 {"/municipalities", "/municipalities/2/nis", "/municipalities/1/nis", "/lead_nis"})):
            with self.assertRaises(Refused) as refused:
                self.call("form-partnership", partnership="gent", name="Gent", since="2012-01-01", lead_nis=lead,
                          municipalities=[{"nis": n} for n in members])
            self.assertEqual({f["pointer"] for f in refused.exception.status["faults"]}, places)
        self.assertIn("13011, 23002", self.refused("conflict", "form-partnership", partnership="gent", name="Gent", lead_nis="44021",
                                                   since="2012-01-01", municipalities=[{"nis": n} for n in ("44021", "23002", "13011")]))

    def test_every_municipality_has_a_name(self):
        found, cursor = {}, {}
        while cursor is not None:
            page = self.ask("municipalities", limit=200, **cursor)
            found.update((one["nis"], one) for one in page["municipalities"])
            cursor = {"cursor": page["next"]} if "next" in page else None
        self.assertEqual(str(len(found)), self.stack.psql("SELECT count(*) FROM registry.municipality"))
        self.assertEqual(found["13011"], {"nis": "13011", "name": "Herentals"})
        self.assertEqual(found["11007"], {"nis": "11007", "name": "Borsbeek", "until": "2024-12-31"})

    def test_names_that_do_not_exist_are_refused(self):
        for name in ("people", "arrivals", "organisations", "duplicates", "programmes", "partnerships"):
            with self.assertRaisesRegex(Refused, "there is no partnership mars"):
                self.ask(name, partnership="mars")
        for name in ("people", "programmes"):
            with self.assertRaisesRegex(Refused, "there is no programme nonexistent"):
                self.ask(name, programme="nonexistent")

    def test_a_programme_gets_a_version_for_every_change(self):
        first = {"programme": "herentals-duo", "partnership": "middenkempen", "kind": "language-duo", "name": "Taalkoppel"}
        self.assertEqual(self.call("configure-programme", **first)["version"], 1)
        self.assertEqual(self.call("configure-programme", **first)["version"], 1)
        changed = self.call("configure-programme", **first, rules={"max_distance_km": 7.5}, weights={"interests": 60})
        self.assertEqual(changed["version"], 2)
        row, = self.ask("programmes", programme="herentals-duo")["programmes"]
        self.assertEqual((row["rules"]["max_distance_km"], row["rules"]["silence_after_days"]), (7.5, 45))
        self.assertEqual((row["weights"]["interests"], row["weights"]["distance"]), (60, 30))
        self.refused("conflict", "configure-programme", **{**first, "kind": "support-buddy"})
        self.refused("conflict", "configure-programme", **{**first, "partnership": "asse"})

    def test_a_programme_that_ended_stays_so(self):
        made = {"programme": "short-duo", "partnership": "asse", "kind": "language-duo", "name": "Kort"}
        self.call("configure-programme", **made)
        person = self.register()["person_id"]
        today = datetime.datetime.now(datetime.timezone.utc).date()
        day, before = today.isoformat(), (today - datetime.timedelta(2)).isoformat()
        end = {"programme": "short-duo", "partnership": "asse", "on_date": day, "reason": "the grant ended"}
        self.refused("not-found", "end-programme", **{**end, "programme": "nothing"})
        self.refused("conflict", "end-programme", **{**end, "partnership": "middenkempen"})
        self.assertIn("in the future", self.refused("conflict", "end-programme", **{**end, "on_date": "2199-01-01"}))
        self.assertIn("before the programme was configured",
                      self.refused("conflict", "end-programme", **{**end, "on_date": before}))
        self.call("configure-programme", **made, rules={"max_distance_km": 7.5})
        self.assertIn("31 days", self.refused("conflict", "end-programme", **{**end, "on_date": "2020-02-29"}))
        with self.assertRaises(Refused) as refused:
            self.client.command("registry", "koppel.registry.end-programme.v1", end, within="partnership=middenkempen")
        self.assertEqual(refused.exception.status["status"], "denied")
        for _ in range(2):
            self.assertEqual(self.call("end-programme", **end), {"programme": "short-duo"})
        self.assertEqual(self.said("short-duo", "programme-ended"), [("programme-ended", end)])
        for name, data in (("end-programme", {**end, "on_date": before}), ("configure-programme", made),
                           ("hold-intake", {"person_id": person, "programme": "short-duo", "side": "newcomer"})):
            self.assertIn("short-duo ended on " + day, self.refused("conflict", name, **data))
        row, = self.ask("programmes", programme="short-duo")["programmes"]
        self.assertEqual((row["ended_on"], row["end_reason"]), (day, "the grant ended"))
        row, = self.ask("programmes", programme="asse-duo")["programmes"]
        self.assertNotIn("ended_on", row)

    def test_organisations(self):
        made = self.call("register-organisation", partnership="asse", name="OCMW Asse", kind="ocmw", kbo="0212147024",
                         postcode="1730")
        self.refused("conflict", "register-organisation", partnership="asse", name="Again", kind="ocmw", kbo="0212147024")
        row, = self.ask("organisations", partnership="asse")["organisations"]
        self.assertEqual((row["organisation_id"], row["nis"]), (made["organisation_id"], "23002"))

    # ---- people

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

    # ---- merging and erasing

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

    def test_an_erased_person_leaves_neither_reference_nor_deposit(self):
        number, deposit = insz("860101888"), str(uuid.uuid4())
        person = self.refer(external_person="vdab-erased")["person_id"]
        self.call("change-profile", person_id=person, national_number=number)
        self.call("deposit-personal", deposit_id=deposit, first_name="Wist", national_number=number)
        count = ("SELECT (SELECT count(*) FROM registry.partner_link WHERE person_id = '{0}') || ' ' || "
                 "(SELECT count(*) FROM registry.deposit WHERE person_id = '{0}')").format(person)
        self.assertEqual(self.stack.psql(count), "1 1")
        self.call("erase-person", person_id=person)
        self.assertEqual(self.stack.psql(count), "0 0")

    def test_two_entries_become_one(self):
        keep = self.register(first_name="Tom", last_name="Peeters")["person_id"]
        drop = self.register(first_name="Tom", last_name="Peeters", email="tom@example.org",
                             profile={"birth_year": 1980})["person_id"]
        self.call("recruit-volunteer", person_id=drop, capacity=1)
        self.call("merge-people", keep_id=keep, drop_id=drop)
        row = self.ask("person", person_id=drop)
        self.assertEqual((row["person_id"], row["email"], row["profile"]["birth_year"], row["roles"], row["merged_ids"]),
                         (keep, "tom@example.org", 1980, ["volunteer"], [drop]))
        self.assertEqual([name for name, _ in self.said(keep)], ["person-registered", "person-merged", "profile-changed"])
        self.refused("conflict", "merge-people", keep_id=keep, drop_id=drop)
        self.call("change-profile", person_id=drop, profile={"birth_year": 1981})
        self.assertEqual(self.ask("person", person_id=keep)["profile"]["birth_year"], 1981)

    def as_volunteer(self, *steps):
        """Someone who was recruited, and what came after: (command, its fields)."""
        person = self.register()["person_id"]
        for name, data in (("recruit-volunteer", {"capacity": 1}), *steps):
            self.call(name, person_id=person, **data)
        return person

    def test_two_volunteers_who_are_one_stay_a_volunteer(self):
        """And it is said before the merge; the timer of a rest goes along."""
        stop, rest = ("stop-volunteer", {"reason": "moved"}), ("rest-volunteer", {"until": "2099-03-05"})
        free, later = ("make-volunteer-available", {"capacity": 2}), ("rest-volunteer", {"until": "2099-04-01"})
        for kept, dropped, state, places, until, said in (
                ([stop], [free], "available", 2, None, ["volunteer-available"]),
                ([], [rest], "resting", 1, "2099-03-05", ["volunteer-rested"]),
                ([free], [stop], "available", 2, None, []),
                ([later], [free, rest], "resting", 2, "2099-04-01", ["volunteer-rested"]),
                ([rest], [("rest-volunteer", {})], "resting", 1, None, ["volunteer-rested"]),
                ([stop], [], "recruited", 1, None, [])):
            with self.subTest(kept=kept, dropped=dropped):
                keep, drop = self.as_volunteer(*kept), self.as_volunteer(*dropped)
                before = len(self.said(keep))
                self.call("merge-people", keep_id=keep, drop_id=drop)
                volunteer = self.ask("person", person_id=keep)["volunteer"]
                self.assertEqual((volunteer["state"], volunteer["capacity"], volunteer.get("until")), (state, places, until))
                self.assertEqual([name for name, _ in self.said(keep)[before:]], [*said, "person-merged"])
                timers = self.stack.psql("SELECT key, due::date FROM registry.timer WHERE name = 'rest-over' AND key IN "
                                         f"('{keep}', '{drop}')")
                self.assertEqual(timers, f"{keep}|{until}" if until else "")

    def test_a_merge_tells_whether_the_capacity_is_another(self):
        free, more = ("make-volunteer-available", {}), ("make-volunteer-available", {"capacity": 2})
        informed = ("recruit-volunteer", {"capacity": 1, "informed_on": "2026-01-01"})
        for kept, dropped, capacity, unchanged in (([free], [more], 2, None), ([], [free], 1, True)):
            with self.subTest(kept=kept, dropped=dropped):
                keep, drop = self.as_volunteer(*kept), self.as_volunteer(*dropped)
                before = len(self.said(keep))
                self.call("merge-people", keep_id=keep, drop_id=drop)
                _, told = self.said(keep)[before]
                self.assertEqual((told.get("capacity"), told.get("capacity_unchanged")), (capacity, unchanged))
        keep, drop = self.as_volunteer(free), self.as_volunteer(("stop-volunteer", {"reason": "moved"}), informed, free)
        before = len(self.said(keep))
        self.call("merge-people", keep_id=keep, drop_id=drop)
        self.assertEqual([name for name, _ in self.said(keep)[before:]], ["person-merged"])
        self.assertEqual(self.ask("person", person_id=keep)["volunteer"]["informed_on"], "2026-01-01")

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

    def test_a_name_of_signs_alone_finds_nobody(self):
        with self.assertRaisesRegex(Refused, "letter"):
            self.ask("people", name="%")

    def test_a_second_referral_brings_what_the_first_did_not(self):
        first = self.refer(external_person="vdab-2nd", profile={"birth_year": 1990})
        again = self.refer(external_person="vdab-2nd", postcode="1730", preferred_language="uk", channel="none",
                           profile={"birth_year": 1999, "gender": "woman"})
        self.assertEqual((again["person_id"], again["created"]), (first["person_id"], False))
        row = self.ask("person", person_id=first["person_id"])
        self.assertEqual((row["postcode"], row["preferred_language"], row["channel"], row["profile"]["birth_year"],
                          row["profile"]["gender"]), ("1730", "uk", "none", 1990, "woman"))

    def test_entries_of_two_partnerships_are_brought_together_first(self):
        here, there = self.register()["person_id"], self.register(postcode="2200")["person_id"]
        text = self.refused("conflict", "merge-people", keep_id=here, drop_id=there)
        self.assertIn("asse", text)
        self.assertIn("middenkempen", text)
        self.call("move-person", person_id=there, postcode="1731")
        self.call("merge-people", keep_id=here, drop_id=there)

    def test_nothing_personal_is_left_of_who_is_erased(self):
        person = self.register(first_name="Wist", last_name="Uitgewist", email="wist@example.org")["person_id"]
        self.call("erase-person", person_id=person)
        self.call("erase-person", person_id=person)
        self.assertEqual([name for name, _ in self.said(person)], ["person-registered", "person-erased"])
        row = self.ask("person", person_id=person)
        self.assertTrue(row["erased"])
        self.assertFalse({"first_name", "email", "postcode", "profile"} & row.keys())
        self.assertFalse(self.ask("contact", person_id=person)["may_contact"])
        self.refused("conflict", "change-profile", person_id=person, first_name="Terug")
        everything = self.stack.psql(
            "SELECT string_agg(query_to_xml(format('SELECT * FROM registry.%I', tablename), true, false, '')::text, '') "
            "FROM pg_tables WHERE schemaname = 'registry'")
        self.assertIn(person, everything)
        self.assertNotIn("itgewist", everything)
        self.assertNotIn("wist@", everything)

    # ---- lists

    def test_a_list_is_taken_whole_or_not_at_all(self):
        bad = ("voornaam;naam;postcode;voorkeurtaal;geboortejaar;e-mail\r\n"
               "Fatma;Yildiz;1730;tr;1985;fatma@example.org\r\n"
               "Mehmet;Kaya;0000;tr;85;mehmet\r\n")
        reply = self.call("import-people", partnership="asse", csv=bad)
        self.assertEqual((reply["lines"], reply["imported"], reply["people"]), (2, 0, []))
        self.assertEqual(sorted((f["line"], f["column"]) for f in reply["faults"]),
                         [(3, "birth_year"), (3, "email"), (3, "postcode")])
        ahead = ("postcode,preferred_language,birth_year,child_birth_years\n1730,nl,2090,2015 2091\n"
                 f"1730,nl,{time.gmtime().tm_year},{time.gmtime().tm_year}\n")
        reply = self.call("import-people", partnership="asse", csv=ahead, dry_run=True)
        self.assertEqual([(f["line"], f["column"]) for f in reply["faults"]], [(2, "birth_year"), (2, "child_birth_years")])
        many = "postcode,preferred_language,birth_year,email,gender,channel,phone\n" + "0001,?,?,?,?,?,?\n" * 999
        reply = self.call("import-people", partnership="asse", csv=many)
        self.assertEqual((reply["imported"], {f["line"] for f in reply["faults"]}), (0, set(range(2, 1001))))
        self.assertEqual([f["line"] for f in reply["faults"]], sorted(f["line"] for f in reply["faults"]))
        longer = "postcode;voorkeurtaal;beschikbaarheid\n" + "1730;nl;ma vm nm avond di vm nm wo avond\n" * 1000  # once it is recorded
        for dry_run in (True, False):
            reply = self.call("import-people", partnership="asse", csv=longer, dry_run=dry_run)
            self.assertEqual((reply["imported"], [f["text"] for f in reply["faults"]]),
                             (0, ["de lijst is te lang: splits ze in twee, elk met deze eerste regel"]))
        good = bad.replace("0000", "1730").replace(";85;mehmet", ";1985;mehmet@example.org")
        before = len(self.client.log("registry"))
        self.assertEqual(self.call("import-people", partnership="asse", csv=good, dry_run=True)["imported"], 0)
        self.assertEqual(len(self.client.log("registry")), before)
        reply = self.call("import-people", partnership="asse", csv=good)
        self.assertEqual(reply["imported"], 2)
        self.assertEqual(self.ask("person", person_id=reply["people"][1])["first_name"], "Mehmet")
        log = self.client.log("registry", after=before)
        self.assertEqual([d for h, d in log if h.get("kind") == "command"],
                         [{"partnership": "asse", "coarse": "postcode,preferred_language,channel,birth_year\n"
                                                            "1730,tr,mail,1985\n1730,tr,mail,1985\n"}])
        self.assertEqual(reply["language"], "nl")
        again = self.call("import-people", partnership="asse", csv=good, dry_run=True)
        self.assertEqual([(d["line"], d["person_id"]) for d in again["possible_duplicates"]],
                         [(2, reply["people"][0]), (3, reply["people"][1])])

    def test_one_person_in_two_lines_is_told_by_their_numbers(self):
        twice = ("postcode,preferred_language,first_name,last_name,birth_year,phone\n1730,nl,Wim,Dubbel,1971,\n"
                 "1730,nl,Wim,Dubbel,1971,0470998877\n")
        reply = self.call("import-people", partnership="asse", csv=twice, dry_run=True)
        self.assertEqual((reply["faults"], reply["possible_duplicates"], reply["alike_lines"]),
                         ([], [], [{"line": 3, "other_line": 2, "grounds": ["name"]}]))
        reply = self.call("import-people", partnership="asse", csv=twice + "1730,nl,Wim,Dubbel,1971,0470998877\n")
        self.assertEqual([(fault["line"], fault["text"]) for fault in reply["faults"]],
                         [(4, "is the same as line 3: take one of the two out")])
        self.assertEqual((reply["imported"], reply["possible_duplicates"]), (0, []))
        reply = self.call("import-people", partnership="asse", csv=twice)
        self.assertEqual([(one["line"], one["person_id"]) for one in reply["possible_duplicates"]], [(3, reply["people"][0])])
        self.assertEqual([fault["text"] for fault in self.call("import-people", partnership="asse", csv="")["faults"]],
                         ["there is nothing here: the first line names the columns"])

    def test_a_command_reaches_no_further_than_its_sender(self):
        """Also where its first event would: what is refused has changed nothing and cost nobody else's batch."""
        def denied(name, within, /, **data):
            with self.assertRaises(Refused) as refused:
                self.client.command("registry", f"koppel.registry.{name}.v1", data, within=within)
            self.assertEqual(refused.exception.status["status"], "denied", refused.exception.status)
        known = self.register(postcode="2200", first_name="Ilse", email="ilse@example.org")["person_id"]
        before, undone = self.stack.psql("SELECT count(*) FROM registry.person"), self.stack.metric("registry", "libbus_singles_total")
        csv = "postcode,preferred_language\n2200,nl\n2280,nl\n2200,nl\n2280,nl\n"
        for dry_run in (True, False):
            reply = self.client.command("registry", "koppel.registry.import-people.v1", {
                "partnership": "middenkempen", "csv": csv, "dry_run": dry_run}, within="nis=13011")
            self.assertEqual((reply["imported"], [(f["line"], f["column"]) for f in reply["faults"]]),
                             (0, [(3, "postcode"), (5, "postcode")]))
        for within, told in (("partnership=asse", []), ("partnership=middenkempen", [(2, known)])):
            reply = self.client.command("registry", "koppel.registry.import-people.v1", {  # guesses at who is known elsewhere
                "partnership": "middenkempen", "dry_run": True,
                "csv": "postcode,preferred_language,email\n2200,nl,ilse@example.org\n0000,nl,ilse@example.org\n"}, within=within)
            self.assertEqual([(one["line"], one["person_id"]) for one in reply["possible_duplicates"]], told, within)
        self.assertEqual(self.stack.psql("SELECT count(*) FROM registry.person"), before)
        denied("form-partnership", "partnership=new nis=44021", partnership="new", name="New", since="2026-01-01",
               lead_nis="44021", municipalities=[{"nis": "44021"}, {"nis": "44043"}])
        for partnership in ("middenkempen", "asse", "nowhere"):  # also what would be theirs by it
            for within in ("partnership=asse", "nis=13017", "nis=44021"):
                denied("add-member", within, partnership=partnership, nis="44021", since="2022-01-01")
        denied("register-person", "nis=13011", postcode="2280", preferred_language="nl")
        person = self.register(first_name="Noor", email="noor@example.org")["person_id"]
        for name, more in (("change-profile", {"first_name": "X"}), ("erase-person", {}), ("recruit-volunteer", {"capacity": 1}),
                           ("give-consent", {"purpose": "photo"}), ("move-person", {"postcode": "1731"})):
            denied(name, "partnership=middenkempen", person_id=person, **more)
        denied("move-person", "partnership=asse", person_id=person, postcode="2200")
        denied("register-person", "partnership=middenkempen", person_id=person, postcode="1730", preferred_language="nl")
        denied("configure-programme", "partnership=middenkempen", partnership="nowhere", programme="xx", kind="language-duo", name="x")
        denied("register-organisation", "partnership=middenkempen", partnership="nowhere", kind="other", name="x")
        self.assertEqual(self.ask("person", person_id=person)["first_name"], "Noor")
        self.assertEqual(self.stack.metric("registry", "libbus_singles_total"), undone)


if __name__ == "__main__":
    unittest.main()
