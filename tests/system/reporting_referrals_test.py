#!/usr/bin/python3
"""What partners are told of those they referred, and of nobody else: told to reporting by stand-ins."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from client import Refused  # noqa: E402
from told_year import HERENTALS, OLEN, WithStandIns, new_id  # noqa: E402

DAY = "2024-03-{:02d}T09:00:00Z"


class Partner:
    """Asks as an adapter does: always after what it was told last."""

    def __init__(self, case, name, **limits):
        self.case, self.asked = case, {"sources": [name], **limits}
        self.source, self.after = name, {}

    def hears(self, limit=200):
        heard = []
        while True:
            page = self.case.query("own-referrals", limit=limit, **self.asked, **self.after)
            self.after = {"after": page["after"]}
            if not page["steps"]:
                return heard
            self.case.assertLessEqual(len(page["steps"]), limit)
            heard += page["steps"]

    def steps(self, **more):
        return [one["step"] for one in self.hears(**more)]


class Referrals(WithStandIns):
    def setUp(self):
        super().setUp()
        self.vdab, self.ocmw = (Partner(self, f"urn:koppel:adapter:{name}-{self.partnership}") for name in ("vdab", "ocmw"))

    def refer(self, partner, person, day=1, nis=HERENTALS, **more):
        referral = new_id()
        self.say("gateway", "referral-received", referral, DAY.format(day), source=partner.source, referral_id=referral,
                 **{"from": "x"}, to="y", partner_type="vdab", reason="work", postcode="2200", **more)
        self.send()
        self.say("registry", "referral-linked", person, DAY.format(day), referral_id=referral, person_id=person, nis=nis,
                 partner_type="vdab", reason="work", created=True)
        self.send()
        return referral

    def consent(self, person, given=True, purpose="share-with-partner"):
        self.say("registry", "consent-given" if given else "consent-withdrawn", person, DAY.format(2), person_id=person, purpose=purpose)
        self.send()

    def waits(self, person, day=3, nis=HERENTALS):
        self.say("matching", "waiting-started", person, DAY.format(day), waiting_id=new_id(), person_id=person, side="newcomer",
                 programme=self.programme, nis=nis, since=DAY.format(day))
        self.send()

    def meets(self, newcomer, volunteer, day=4):
        self.say("matching", "duo-started", newcomer, DAY.format(day), duo_id=new_id(), proposal_id=new_id(), programme=self.programme,
                 newcomer_id=newcomer, volunteer_id=volunteer, nis=HERENTALS, distance_m=900, newcomer_waited_days=3,
                 volunteer_waited_days=0)
        self.send()

    def test_a_partner_is_told_each_step_once_with_its_own_names(self):
        person = self.person()
        referral = self.refer(self.vdab, person, external_person="case-1")
        self.consent(person)
        self.waits(person)
        self.meets(person, self.person())
        told = self.vdab.hears(limit=1)
        self.assertEqual(told, [
            {"referral_id": referral, "external_person": "case-1", "person_id": person, "step": step, "at": DAY.format(day), **more}
            for step, day, more in (("received", 1, {}), ("linked", 1, {}), ("waiting-started", 3, {"programme": self.programme}),
                                    ("duo-started", 4, {"programme": self.programme}))])
        self.assertEqual(self.vdab.hears(), [])
        self.waits(person, day=9)
        self.assertEqual(self.vdab.steps(), ["waiting-started"])

    def test_nobody_is_told_of_whom_another_referred(self):
        ours, theirs, both, nobodys = (self.person() for _ in range(4))
        self.refer(self.vdab, ours)
        self.refer(self.ocmw, theirs)
        mine, yours = self.refer(self.vdab, both), self.refer(self.ocmw, both)
        for one in (ours, theirs, both, nobodys):
            self.consent(one)
            self.waits(one)
        for partner, alone, shared in ((self.vdab, ours, mine), (self.ocmw, theirs, yours)):
            heard = partner.hears()
            self.assertEqual([one["step"] for one in heard], ["received", "linked"] * 2 + ["waiting-started"] * 2)
            self.assertEqual({one["person_id"] for one in heard}, {alone, both})
            self.assertEqual({one["referral_id"] for one in heard if one["person_id"] == both}, {shared})
        for name in ("urn:koppel:adapter:other", self.vdab.source[:-1], self.vdab.source + "*x"):
            self.assertEqual(Partner(self, name).hears(), [])
        self.assertEqual(self.query("own-referrals")["steps"], [])  # nobody's
        self.assertEqual(len(Partner(self, self.vdab.source[:-1] + "*").hears()), 6)

    def test_what_follows_is_told_of_who_agrees(self):
        person = self.person()
        self.refer(self.vdab, person)
        self.refer(self.ocmw, person)
        self.waits(person)
        self.consent(person, purpose="contact")
        self.assertEqual([self.vdab.steps(), self.ocmw.steps()], [["received", "linked"]] * 2)
        self.meets(person, self.person())
        self.consent(person)
        self.assertEqual([self.vdab.steps(), self.ocmw.steps()], [["waiting-started", "duo-started"]] * 2)
        self.consent(person, given=False)
        self.waits(person)
        self.assertEqual([self.vdab.steps(), self.ocmw.steps()], [[], []])

    def test_who_is_erased_is_told_of_no_more(self):
        person, other = self.person(), self.person()
        referral = self.refer(self.vdab, person, external_person="case-of-the-erased")
        self.consent(person)
        self.waits(person)
        seen = Partner(self, self.vdab.source)
        self.assertEqual(seen.steps(), ["received", "linked", "waiting-started"])
        self.say("registry", "person-erased", person, DAY.format(5), person_id=person)
        self.refer(self.vdab, other)
        erased = {"referral_id": referral, "step": "erased", "at": DAY.format(5)}
        self.assertEqual(seen.hears()[0], erased)  # although the step it saw last holds nothing any more
        self.assertEqual(self.vdab.hears()[0], erased)
        self.waits(person)
        self.consent(person)
        self.assertEqual(seen.hears(), [])
        found = self.stack.psql("SELECT r::text FROM reporting.referral AS r UNION ALL SELECT s::text FROM reporting.referral_step AS s")
        self.assertNotIn(person, found)
        self.assertNotIn("case-of-the-erased", found)

    def test_one_person_under_two_ids_is_told_of_as_one(self):
        """Of two answers the more careful one holds; what was kept back of an id is told once the other agrees."""
        keep, drop, third = self.person(), self.person(), self.person()
        self.refer(self.vdab, keep)
        self.refer(self.ocmw, drop)
        self.consent(keep)
        self.waits(drop)
        self.assertEqual(self.ocmw.steps(), ["received", "linked"])
        self.say("registry", "person-merged", keep, DAY.format(6), keep_id=keep, drop_id=drop)
        self.waits(drop, day=7)  # said before the merge was known
        heard = self.ocmw.hears()
        self.assertEqual([(one["step"], one["person_id"]) for one in heard], [("waiting-started", keep)] * 2)
        self.assertEqual(self.vdab.steps(), ["received", "linked", "waiting-started"])
        self.consent(third, given=False)
        self.say("registry", "person-merged", keep, DAY.format(8), keep_id=keep, drop_id=third)
        self.waits(keep, day=9)
        self.assertEqual([self.vdab.steps(), self.ocmw.steps()], [[], []])

    def test_a_limited_token_is_told_of_its_own_places(self):
        person = self.person()
        self.refer(self.vdab, person, nis=OLEN)
        self.consent(person)
        self.waits(person)
        for limits, steps in (({"partnerships": [self.partnership]}, ["received", "linked", "waiting-started"]),
                              ({"partnerships": ["elsewhere"]}, []), ({"nis": [OLEN]}, ["linked"]), ({"nis": [HERENTALS]}, ["waiting-started"])):
            self.assertEqual(Partner(self, self.vdab.source, **limits).steps(), steps, limits)

    def test_every_step_there_is(self):
        person, buddy = self.person(), self.person()
        self.refer(self.vdab, person)
        self.consent(person)
        self.vdab.hears()
        request = {"request_id": new_id(), "programme": self.programme, "person_id": person, "topic": "school", "nis": HERENTALS}
        duo = {"duo_id": new_id(), "programme": self.programme, "newcomer_id": buddy, "volunteer_id": person, "nis": HERENTALS,
               "volunteer_returns": True, "started": DAY.format(4), "days": 1, "hours_total": 0, "contacts": 0}
        gone = {"waiting_id": new_id(), "person_id": person, "programme": self.programme, "side": "newcomer", "nis": HERENTALS,
                "since": DAY.format(3), "until": DAY.format(4), "days": 1}
        for service, name, data, told in (
                ("registry", "intake-held", {"intake_id": new_id(), "person_id": person, "programme": self.programme, "side": "newcomer",
                                             "nis": HERENTALS}, True),
                ("matching", "waiting-ended", {**gone, "outcome": "duo"}, False),
                ("matching", "waiting-ended", {**gone, "outcome": "left"}, True),
                ("matching", "duo-stopped", {**duo, "reason": "moved", "newcomer_returns": False}, True),
                ("matching", "duo-became-informal", duo, True),
                ("matching", "help-request-opened", request, True),
                ("matching", "help-request-assigned", {**request, "buddy_id": buddy}, True),
                ("matching", "help-request-fulfilled", {**request, "buddy_id": buddy, "hours": 1, "days": 2}, True),
                ("matching", "help-request-dropped", {**request, "reason": "other"}, True)):
            self.say(service, name, person, DAY.format(5), **data)
            self.send()
            self.assertEqual(self.vdab.steps(), [name] if told else [], name)

    def test_a_referral_counts_once(self):
        person = self.person()
        referral = self.refer(self.vdab, person)
        self.say("gateway", "referral-received", referral, DAY.format(2), source=self.ocmw.source, referral_id=referral,
                 **{"from": "x"}, to="y", partner_type="vdab", reason="work", postcode="2200")
        self.send()
        self.assertEqual([self.vdab.steps(), self.ocmw.steps()], [["received", "linked"], []])

    def test_a_place_that_is_not_there_is_told(self):
        self.refer(self.vdab, self.person())
        self.vdab.hears()
        told, at = self.vdab.after["after"].split(".")
        for lost in (f"{told}.{int(at) + 1}", f"{told}.0", f"{int(told) + 1000}.{at}", f"{int(told) + 1000}.0", "0.1"):
            self.vdab.after = {"after": lost}
            with self.assertRaises(Refused) as refused:
                self.vdab.hears()
            self.assertEqual(refused.exception.status["status"], "conflict")


if __name__ == "__main__":
    unittest.main()
