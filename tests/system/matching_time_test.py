#!/usr/bin/python3
"""What time does in matching: proposals expire, silence is noticed, rounds come, waiting counts."""
import datetime
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from matching_scene import RULES, Scene  # noqa: E402
from ministack import eventually  # noqa: E402


class Time(Scene):
    def said(self, name, *people):
        return eventually(lambda: [d for n, d in self.events(*people) if n == name], what=name)

    def test_a_proposal_expires_rests_and_comes_again(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.later(15)
        self.said("match-expired", newcomer)
        self.assertEqual(self.pairs(), set())
        why = self.query("explain", programme=self.programme, newcomer_id=newcomer, volunteer_id=volunteer)
        self.assertFalse(why["eligible"])
        expired, = [data for name, data in self.events(newcomer) if name == "match-expired"]
        rested = datetime.datetime.fromisoformat(why["rests_until"]) - datetime.datetime.fromisoformat(expired["valid_until"])
        self.assertAlmostEqual(rested / datetime.timedelta(days=1), RULES["proposal_valid_days"], delta=2)
        self.assertIn(f"may be proposed again from {why['rests_until'][:10]}", why["why"][0])
        self.later(15)
        eventually(lambda: self.pairs() == {(newcomer, volunteer)}, what="the pair proposed again")
        why = self.query("explain", programme=self.programme, newcomer_id=newcomer, volunteer_id=volunteer)
        self.assertEqual((why["eligible"], "rests_until" in why), (True, False))

    def test_silence_is_noticed_and_ends_with_a_contact(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        duo = self.duo(newcomer, volunteer)
        self.later(30)
        self.command("log-contact", duo_id=duo["duo_id"], kind="meeting", hours=2)
        self.later(30)
        self.assertNotIn("duo-silent", self.names())
        self.later(13)
        silent, = self.said("duo-silent")
        self.assertEqual(silent["days"], 43)
        shown, = self.query("duos", programme=self.programme, state="silent")["duos"]
        self.assertEqual(shown["silent_since"], silent["since"])
        self.command("log-contact", duo_id=duo["duo_id"], kind="call")
        self.assertEqual(self.names()[-2:], ["duo-contact-logged", "duo-resumed"])
        self.later(100)
        eventually(lambda: self.names().count("duo-silent") == 2, what="silence again")

    def test_a_fulfilled_request_is_a_sign_of_life(self):
        self.configure(kind="support-buddy", version=2)
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.duo(newcomer, volunteer)
        opened = self.command("open-help-request", programme=self.programme, person_id=newcomer, topic="school")
        self.assertEqual(opened["buddy_id"], volunteer)
        self.later(50)
        self.said("duo-silent")
        self.command("fulfil-help-request", request_id=opened["request_id"])
        self.assertEqual(self.names()[-2:], ["help-request-fulfilled", "duo-resumed"])

    def test_a_round_proposes_all_at_once(self):
        self.configure(rules={"match_every_hours": 24}, version=2)
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.assertEqual(self.pairs(), set())
        self.later(1)
        eventually(lambda: self.pairs() == {(newcomer, volunteer)}, what="the round")
        self.command("leave-waiting", person_id=volunteer, programme=self.programme, reason="other")
        self.assertEqual(self.pairs(), set())

    def test_who_waited_long_comes_first_and_keeps_that_after_a_duo(self):
        patient = self.newcomer(birth_year=1980)
        self.later(100)
        self.newcomer(birth_year=1980)
        volunteer = self.volunteer(birth_year=1980)
        self.assertEqual(self.pairs(), {(patient, volunteer)})
        proposal, = self.proposals()
        waiting, = [f for f in proposal["factors"] if f["factor"] == "waiting"]
        self.assertEqual((waiting["value"], waiting["points"]), (100, 54))
        duo = self.duo(patient, volunteer)
        self.command("stop-duo", duo_id=duo["duo_id"], reason="schedule", volunteer_returns=False)
        second = self.volunteer(birth_year=1980)
        self.assertEqual(self.pairs(), {(patient, second)})

if __name__ == "__main__":
    unittest.main()
