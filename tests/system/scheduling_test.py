#!/usr/bin/python3
"""Talks on the real bus: from match to meeting with the real registry and matching, and with stand-ins for them
what becomes of a talk."""
import datetime
import pathlib
import secrets
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from agenda import BRUSSELS, Agenda, Scene, local, new_id, text  # noqa: E402
from built import BUILD, STAND_IN  # noqa: E402
from ministack import MiniStack  # noqa: E402
from waiting import eventually  # noqa: E402


class WithRegistryAndMatching(Scene):
    programme = "asse-duo"

    @classmethod
    def setUpClass(cls):
        programs = {name: BUILD / f"bin/koppel-{name}" for name in ("registry", "matching", "scheduling")}
        programs["gateway"] = STAND_IN
        cls.stack = cls.enterClassContext(MiniStack(list(programs), programs, {"INSZ_KEY": secrets.token_hex(32)}))
        cls.client = cls.stack.client

    def person(self, side, *availability):
        person_id = self.command("register-person", service="registry", postcode="1730", preferred_language="nl",
                                 profile={"birth_year": 1980, "availability": availability})["person_id"]
        if side == "volunteer":
            self.command("recruit-volunteer", service="registry", person_id=person_id, capacity=1)
        self.command("hold-intake", service="registry", person_id=person_id, programme=self.programme, side=side)
        return person_id

    def test_a_match_becomes_a_talk_and_the_talk_a_duo(self):
        self.command("form-partnership", service="registry", partnership="asse", name="Asse", since="2012-01-01",
                     lead_nis="23002", municipalities=[{"nis": "23002"}])
        self.command("configure-programme", service="registry", programme=self.programme, partnership="asse",
                     kind="language-duo", name="Samen Inburgeren")
        newcomer = self.person("newcomer", "mon-morning", "tue-evening")
        volunteer = self.person("volunteer", "tue-evening", "fri-afternoon")
        proposal, = eventually(lambda: self.query("proposals", service="matching", programme=self.programme,
                                                  state="proposed")["proposals"], what="a proposal")
        self.command("accept-match", service="matching", proposal_id=proposal["proposal_id"])
        planned, = eventually(lambda: self.events("meeting-planned"), what="a talk")
        self.assertEqual((planned[1]["newcomer_id"], planned[1]["volunteer_id"]), (newcomer, volunteer))
        self.assertIn("free together on 1 half day", proposal["explanation"])
        self.assertEqual(local(planned[1]["at"]).strftime("%a %H:%M"), "Tue 19:00")
        self.command("hold-meeting", programme=self.programme, volunteer_id=volunteer, outcome="start")
        duo, = eventually(lambda: self.query("duos", service="matching", programme=self.programme,
                                             state="active")["duos"], what="a duo")
        self.assertEqual((duo["newcomer_id"], duo["volunteer_id"]), (newcomer, volunteer))
        self.stack.settled()
        self.assertEqual([name for name, _ in self.events()], ["meeting-planned", "meeting-held"])


class Talks(Agenda):
    def test_a_talk_is_planned_moved_cancelled_and_planned_again(self):
        pair = self.accept()
        (_, planned), = self.events()
        at = local(planned["at"])
        self.assertEqual((at.hour, at.minute, at.weekday() < 5), (14, 0, True))
        self.assertIn((at.date() - self.now.astimezone(BRUSSELS).date()).days, (5, 6, 7))
        moved_to = text(self.now + datetime.timedelta(days=3))
        reply = self.command("move-meeting", proposal_id=pair["proposal_id"], at=moved_to, place_kind="library")
        self.assertEqual(reply, {"meeting_id": planned["meeting_id"], "at": moved_to})
        self.refused("invalid", "move-meeting", proposal_id=pair["proposal_id"], at="2020-01-01T10:00:00Z")
        self.refused("conflict", "plan-meeting", proposal_id=pair["proposal_id"], at=moved_to)
        self.command("cancel-meeting", programme=self.programme, newcomer_id=pair["newcomer_id"])
        self.refused("conflict", "hold-meeting", meeting_id=planned["meeting_id"], outcome="start")
        again = self.command("plan-meeting", proposal_id=pair["proposal_id"], at=moved_to)
        self.assertNotEqual(again["meeting_id"], planned["meeting_id"])
        self.assertEqual([name for name, _ in self.events()],
                         ["meeting-planned", "meeting-moved", "meeting-cancelled", "meeting-planned"])
        states = [m["state"] for m in self.query("meetings", programme=self.programme)["meetings"]]
        self.assertEqual(sorted(states), ["cancelled", "planned"])
        self.assertEqual(self.query("meetings", person_id=pair["volunteer_id"], state="planned")["meetings"][0]["meeting_id"],
                         again["meeting_id"])

    def test_a_talk_is_when_both_are_free(self):
        today = self.now.astimezone(BRUSSELS).date()
        pair = self.accept(shared_slots=["mon-evening", "sat-morning"])
        (_, planned), = self.events()
        at = local(planned["at"])
        self.assertIn(at.strftime("%a %H:%M"), ("Mon 19:00", "Sat 10:00"))
        self.assertIn((at.date() - today).days, range(5, 10), "the first of the two")
        moved_to = text(self.now + datetime.timedelta(days=3))
        self.command("move-meeting", proposal_id=pair["proposal_id"], at=moved_to)
        self.command("cancel-meeting", proposal_id=pair["proposal_id"])
        self.command("plan-meeting", proposal_id=pair["proposal_id"], at=moved_to)
        self.assertEqual([data["at"] for _, data in self.events("meeting-moved", "meeting-planned")][1:], [moved_to] * 2)

    def test_a_talk_is_found_by_what_is_known_of_it(self):
        volunteer = new_id()
        first, second = self.accept(volunteer_id=volunteer), self.accept(volunteer_id=volunteer)
        for faulty in ({}, {"volunteer_id": volunteer}, {"programme": self.programme}):
            self.refused("invalid", "hold-meeting", outcome="start", **faulty)
        self.refused("not-found", "hold-meeting", proposal_id=new_id(), outcome="start")
        self.assertIn("several", self.refused("conflict", "hold-meeting", programme=self.programme,
                                              volunteer_id=volunteer, outcome="start"))
        self.refused("invalid", "hold-meeting", proposal_id=first["proposal_id"], outcome="start", reason="distance")
        held = self.command("hold-meeting", programme=self.programme, volunteer_id=volunteer,
                            newcomer_id=first["newcomer_id"], outcome="decline-newcomer")
        self.assertEqual(held["proposal_id"], first["proposal_id"])
        self.assertEqual(self.events("meeting-held")[0][1]["reason"], "other")
        held = self.command("hold-meeting", programme=self.programme, volunteer_id=volunteer, outcome="no-show")
        self.assertEqual(held["proposal_id"], second["proposal_id"])
        held = self.command("hold-meeting", programme=self.programme, volunteer_id=volunteer, outcome="start")
        self.assertEqual(held["proposal_id"], second["proposal_id"], "met without a plan")
        self.refused("conflict", "hold-meeting", proposal_id=second["proposal_id"], outcome="start")

    def test_a_talk_is_told_with_its_day(self):
        pair = self.accept(proposed=text(self.now - datetime.timedelta(days=6)))
        (_, planned), = self.events()
        named = {"proposal_id": pair["proposal_id"], "outcome": "start"}
        self.assertIn("future", self.refused("conflict", "hold-meeting", **named, on_date=self.day(1)))
        self.assertIn("proposed", self.refused("conflict", "hold-meeting", **named, on_date=self.day(-7)))
        self.command("hold-meeting", **named, on_date=self.day(-6))
        (_, held), = self.events("meeting-held")
        self.assertEqual((held["on_date"], held["at"]), (self.day(-6), planned["at"]))
        unplanned = self.accept()
        self.command("cancel-meeting", proposal_id=unplanned["proposal_id"])
        self.command("hold-meeting", proposal_id=unplanned["proposal_id"], outcome="no-show", on_date=self.day(-2))
        self.assertEqual(self.events("meeting-held")[1][1]["at"], f"{self.day(-2)}T12:00:00Z")
        self.command("hold-meeting", proposal_id=unplanned["proposal_id"], outcome="start", on_date=self.day(0))
        self.assertNotIn("on_date", self.events("meeting-held")[2][1])

    def test_talks_are_asked_for_by_days_in_belgium(self):
        for clock in (datetime.time(0, 30), datetime.time(23, 30)):
            pair = self.accept()
            at = datetime.datetime.combine(datetime.date.fromisoformat(self.day(9)), clock, BRUSSELS)
            self.command("move-meeting", proposal_id=pair["proposal_id"], at=text(at))
        def found(first, last):
            return len(self.query("meetings", programme=self.programme, **{"from": self.day(first), "to": self.day(last)})["meetings"])
        self.assertEqual([found(9, 9), found(8, 8), found(10, 10), found(8, 10)], [2, 0, 0, 2])

    def test_a_talk_ends_with_its_proposal_or_its_people(self):
        withdrawn, erased = self.accept(), self.accept()
        self.say("matching", "match-withdrawn", withdrawn["proposal_id"], **withdrawn, reason="person-left")
        self.erased(erased["newcomer_id"])
        self.assertEqual([d["reason"] for _, d in self.events("meeting-cancelled")], ["proposal-ended", "person-left"])
        self.later(days=10)
        self.assertEqual(self.events("reminder-due"), [])

    def either_order(self, side, tell_of):
        """What is kept of a talk where registry's word on one of the two is read after matching's, and before it."""
        kept = []
        for order in (1, -1):
            pair, keep = self.pair(), self.person()
            tell = (lambda: self.say("matching", "match-accepted", pair["proposal_id"], **pair, score=500, days=1),
                    lambda: tell_of(pair[side], keep))
            for event in tell[::order]:
                event()
            who = {pair["newcomer_id"]: "newcomer", pair["volunteer_id"]: "volunteer", keep: "keep"}
            kept.append([(who[talk["newcomer_id"]], who[talk["volunteer_id"]])
                         for talk in self.query("meetings", proposal_id=pair["proposal_id"], state="planned")["meetings"]])
        return kept

    def merged(self, drop, keep):
        self.say("registry", "person-merged", keep, keep_id=keep, drop_id=drop, partnership="test")

    def erased(self, person, _=None):
        self.say("registry", "person-erased", person, person_id=person, partnership="test")

    def test_the_order_of_a_match_and_a_merge_does_not_matter(self):
        for side, now in (("newcomer_id", ("keep", "volunteer")), ("volunteer_id", ("newcomer", "keep"))):
            self.assertEqual(self.either_order(side, self.merged), [[now], [now]])

    def test_the_order_of_a_match_and_an_erasure_does_not_matter(self):
        self.assertEqual(self.either_order("newcomer_id", self.erased), [[], []])
        self.assertEqual(len(self.events("meeting-planned")), 1, "only before it was heard of")

    def test_a_talk_of_a_merged_entry_is_found_and_told_by_the_one_kept(self):
        pair, keep = self.pair(), self.person()
        self.merged(pair["newcomer_id"], keep)
        self.say("matching", "match-accepted", pair["proposal_id"], **pair, score=500, days=1)
        self.assertEqual([d["newcomer_id"] for _, d in self.events("meeting-planned")], [keep])
        self.assertEqual([m["newcomer_id"] for m in self.query("meetings", person_id=keep)["meetings"]], [keep])
        self.assertEqual(self.command("hold-meeting", programme=self.programme, newcomer_id=keep, outcome="start")["newcomer_id"],
                         keep)


if __name__ == "__main__":
    unittest.main()
