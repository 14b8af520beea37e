#!/usr/bin/python3
"""The end of a programme in matching: who waits leaves, what is proposed lapses, and what two people began goes on."""
import datetime
import pathlib
import sys
import unittest
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from matching_scene import Scene  # noqa: E402


class End(Scene):
    def end(self, days=0):
        self.say("registry", "programme-ended", self.programme, programme=self.programme, partnership="test",
                 on_date=self.day(days), reason="the grant ended")

    def waits(self, *people):
        return [(d["person_id"], d["outcome"]) for n, d in self.events(*people) if n == "waiting-ended"]

    def test_who_waits_leaves_in_the_order_they_came_and_proposals_lapse(self):
        volunteer, newcomer, accepted, other = self.volunteer(), self.newcomer(), self.newcomer(), self.volunteer()
        self.command("accept-match", person_id=accepted, programme=self.programme)
        self.assertEqual([one for one, _ in self.pairs()], [newcomer])  # with either: the two are alike
        self.end()
        self.assertEqual({d["reason"] for n, d in self.events() if n == "match-withdrawn"}, {"programme-ended"})
        self.assertEqual((self.proposals(), self.proposals("accepted")), ([], []))
        everyone = [volunteer, newcomer, accepted, other]
        self.assertEqual(self.waits(), [(one, "programme-ended") for one in everyone])
        self.assertEqual(self.query("waiting-list", programme=self.programme)["total"], 0)
        names = self.names()
        self.assertGreater(names.index("waiting-ended"), len(names) - 1 - names[::-1].index("match-withdrawn"))

    def test_nobody_comes_again(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.end()
        before = len(self.events())
        self.intake(self.person(), "newcomer")
        about = {"person_id": volunteer, "partnership": "test", "nis": "13011"}
        self.say("registry", "volunteer-rested", volunteer, **about)
        self.say("registry", "volunteer-available", volunteer, **about, capacity=3)
        self.assertEqual(len(self.events()), before)
        self.assertIn("has ended", self.refused("conflict", "pair-manually", programme=self.programme, newcomer_id=newcomer,
                                                volunteer_id=volunteer))

    def test_a_duo_goes_on_and_leads_back_to_no_list(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        duo = self.duo(newcomer, volunteer)
        self.end()
        self.command("log-contact", duo_id=duo["duo_id"], kind="meeting", hours=2)
        self.command("stop-duo", duo_id=duo["duo_id"], reason="schedule", newcomer_returns=True, volunteer_returns=True)
        name, stopped = self.events(newcomer)[-1]
        self.assertEqual((name, stopped["newcomer_returns"], stopped["volunteer_returns"], stopped["hours_total"]),
                         ("duo-stopped", False, False, 2))
        self.assertEqual(self.query("waiting-list", programme=self.programme)["total"], 0)

    def test_an_end_told_later_ends_the_waits_on_its_day(self):
        newcomer = self.newcomer()
        self.later(10)
        self.end(days=-3)
        (ended,) = [d for n, d in self.events(newcomer) if n == "waiting-ended"]
        since = datetime.datetime.fromisoformat(ended["since"]).astimezone(zoneinfo.ZoneInfo("Europe/Brussels")).date()
        days = (datetime.date.fromisoformat(self.day(-3)) - since).days
        self.assertEqual((ended["until"][:10], ended["days"]), (self.day(-3), days))

    def test_help_that_is_given_goes_on_and_nobody_is_looked_for(self):
        self.configure(kind="support-buddy")
        buddy, asker, other = self.volunteer(), self.person(), self.person(500000)
        given = self.command("open-help-request", programme=self.programme, person_id=asker, topic="school")
        still_open = self.command("open-help-request", programme=self.programme, person_id=other, topic="bank")
        self.assertEqual((given["state"], still_open["state"]), ("assigned", "open"))
        self.end()
        (dropped,) = [d for n, d in self.events() if n == "help-request-dropped"]
        self.assertEqual((dropped["request_id"], dropped["reason"]), (still_open["request_id"], "programme-ended"))
        self.assertIn("has ended", self.refused("conflict", "open-help-request", programme=self.programme, person_id=asker,
                                                topic="doctor"))
        self.command("fulfil-help-request", request_id=given["request_id"], hours=1)
        self.assertEqual(self.waits(buddy), [(buddy, "programme-ended")])

    def test_help_whose_buddy_leaves_after_the_end_is_dropped(self):
        for leave in ("volunteer-stopped", "person-erased"):
            with self.subTest(leave):
                self.programme = "p-" + self.new_id()[:12]
                self.configure(kind="support-buddy")
                buddy, askers = self.volunteer(capacity=2), [self.person(), self.person()]
                given = [self.command("open-help-request", programme=self.programme, person_id=one, topic="school")
                         for one in askers]
                self.assertEqual([one["state"] for one in given], ["assigned", "assigned"])
                self.end()
                why = {"reason": "moved", "nis": "13011"} if leave == "volunteer-stopped" else {}
                self.say("registry", leave, buddy, person_id=buddy, partnership="test", **why)
                dropped = [(d["request_id"], d["reason"]) for n, d in self.events() if n == "help-request-dropped"]
                self.assertEqual(dropped, [(one["request_id"], "programme-ended") for one in given])

    def test_help_of_a_duo_goes_on_after_the_end_though_the_buddy_stops(self):
        self.configure(kind="support-buddy")
        buddy, newcomer = self.volunteer(capacity=2), self.newcomer()
        self.duo(newcomer, buddy)
        given = self.command("open-help-request", programme=self.programme, person_id=newcomer, topic="school")
        self.assertEqual(given["state"], "assigned")
        self.end()
        self.say("registry", "volunteer-stopped", buddy, person_id=buddy, partnership="test", nis="13011", reason="moved")
        self.assertNotIn("help-request-dropped", self.names())
        self.command("fulfil-help-request", request_id=given["request_id"], hours=1)

    def test_an_end_holds_after_a_restart(self):
        self.volunteer()
        self.end()
        self.stack.kill("matching")
        self.stack.start("matching")
        self.stack.settled()
        self.intake(self.person(), "newcomer")
        self.assertEqual(self.names(), ["waiting-started", "waiting-ended"])


if __name__ == "__main__":
    unittest.main()
