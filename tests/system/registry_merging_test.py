#!/usr/bin/python3
"""Registry on the real bus: two entries that become one, and people who are erased."""
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from registry_scene import Scene, insz  # noqa: E402


class Merging(Scene):
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

    def pairs(self, **more):
        return {frozenset((one["person_id"], one["other_id"])) for one in self.ask("duplicates", partnership="asse", limit=200, **more)["pairs"]}

    def test_two_who_only_look_alike_stay_apart_until_that_is_taken_back(self):
        """Whatever becomes known of them, and for who becomes one of them; who said so is the actor."""
        name = {"first_name": "Mohamed", "last_name": "Ouali", "phone": "0470 88 77 66"}
        one, other, third = (self.register(**name)["person_id"] for _ in range(3))
        two, with_third = frozenset((one, other)), {frozenset((one, third)), frozenset((other, third))}
        self.assertLessEqual({two} | with_third, self.pairs())
        both = {"person_id": other, "other_id": one}
        self.refused("conflict", "restore-duplicate", **both)
        self.refused("conflict", "dismiss-duplicate", person_id=one, other_id=one)
        self.refused("not-found", "dismiss-duplicate", person_id=one, other_id=str(uuid.uuid4()))
        for _ in range(2):  # said again, it changes nothing
            self.call("dismiss-duplicate", **both)
        (header, data), = [(h, d) for h, d in self.client.log("registry") if h["type"].endswith("duplicate-dismissed.v1")]
        self.assertEqual((data, bool(header["actor"])), ({**both, "partnership": "asse"}, True))
        for person in (one, other):
            self.call("change-profile", person_id=person, email="ouali@example.org")
        self.assertEqual((self.pairs() & ({two} | with_third), two in self.pairs(dismissed=True)), (with_third, True))
        self.call("restore-duplicate", person_id=one, other_id=other)
        self.assertEqual((two in self.pairs(), two in self.pairs(dismissed=True)), (True, False))
        self.call("dismiss-duplicate", person_id=one, other_id=third)
        self.call("merge-people", keep_id=other, drop_id=third)
        self.assertEqual((two in self.pairs(), two in self.pairs(dismissed=True)), (False, True), "who is not the one dropped is not the one kept")
        self.call("erase-person", person_id=one)
        self.assertEqual(self.stack.psql("SELECT count(*) FROM registry.told_apart"), "0")

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

    def test_entries_of_two_partnerships_are_brought_together_first(self):
        here, there = self.register()["person_id"], self.register(postcode="2200")["person_id"]
        text = self.refused("conflict", "merge-people", keep_id=here, drop_id=there)
        self.assertIn("asse", text)
        self.assertIn("middenkempen", text)
        self.call("move-person", person_id=there, postcode="1731")
        self.call("merge-people", keep_id=here, drop_id=there)

    def test_who_was_registered_with_another_partnership_than_their_own_is_moved_where_they_live(self):
        here = self.register(postcode="2200")["person_id"]
        there = self.register(postcode="2200", partnership="asse", street="Markt 1")["person_id"]
        self.assertIn("move-person", self.refused("conflict", "merge-people", keep_id=here, drop_id=there))
        for _ in range(2):
            self.assertEqual(self.call("move-person", person_id=there, postcode="2200")["partnership"], "middenkempen")
        (_, moved), = self.said(there, "person-moved")
        self.assertEqual((moved["from_partnership"], moved["partnership"]), ("asse", "middenkempen"))
        self.assertEqual(self.ask("person", person_id=there)["street"], "Markt 1", "the address is as it was")
        self.call("merge-people", keep_id=here, drop_id=there)

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


if __name__ == "__main__":
    unittest.main()
