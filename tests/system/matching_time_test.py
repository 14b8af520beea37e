#!/usr/bin/python3
"""What time does in matching: proposals expire, silence is noticed, rounds come, waiting counts."""
import datetime
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from matching_scene import RULES, Scene  # noqa: E402
from waiting import eventually  # noqa: E402


class Time(Scene):
    def said(self, name, *people):
        return eventually(lambda: [d for n, d in self.events(*people) if n == name], what=name)

    def test_a_proposal_expires_rests_and_comes_again(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.later(15)
        self.said("match-expired", newcomer)
        self.assertEqual(self.pairs(), set())
        waiting = self.query("waiting-list", programme=self.programme)["people"]
        self.assertEqual([one["in_vain"] for one in waiting], [1, 1])
        other, = self.query("waiting-list", person_id=self.newcomer(lat_e4=530000), programme=self.programme)["people"]
        self.assertNotIn("in_vain", other)
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

    def test_what_expires_together_is_matched_anew_once(self):
        """Nobody is proposed who at the same moment is not any more; nor where a rest ends at that moment too."""
        self.configure(rules={"max_distance_km": 1}, version=2)
        newcomers, volunteers = [self.newcomer() for _ in range(3)], [self.volunteer(lat_e4=511200) for _ in range(3)]
        self.assertEqual(self.pairs(), set())
        self.configure(version=3)
        first = self.pairs()
        self.assertEqual(len(first), 3)
        for _ in range(3):
            self.later(15)
            eventually(lambda: len(self.pairs()) == 3 and self.pairs() != first, what="other pairs")
            expired = {(p["newcomer_id"], p["volunteer_id"]) for p in self.proposals("expired")}
            self.assertLessEqual(first, expired)
            self.assertEqual(self.proposals("withdrawn"), [])
            first = self.pairs()
        self.assertEqual({one for pair in first for one in pair}, {*newcomers, *volunteers})

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

    def test_a_change_of_how_long_a_silence_lasts_holds_for_the_duos_there_are(self):
        newcomers = []
        for _ in range(2):
            newcomers.append(self.newcomer())
            self.duo(newcomers[-1], self.volunteer())
        self.later(5)
        duo, = self.query("duos", programme=self.programme, person_id=newcomers[0])["duos"]
        self.command("log-contact", duo_id=duo["duo_id"], kind="call")
        self.later(5)
        self.configure(rules={"silence_after_days": 8}, version=2)
        self.stack.settled()
        self.assertEqual([d["newcomer_id"] for d in self.said("duo-silent")], newcomers[1:])
        self.configure(rules={"silence_after_days": 20}, version=3)
        self.later(5)
        self.assertEqual(len(self.said("duo-silent")), 1)
        self.later(11)
        self.assertEqual([d["days"] for d in self.said("duo-silent", newcomers[0])], [26 - 5])

    def test_a_talk_without_its_day_was_on_the_day_in_belgium_that_it_was_told(self):
        """However late that is heard here."""
        volunteer, newcomer = self.volunteer(), self.newcomer()
        proposal = self.command("accept-match", person_id=newcomer, programme=self.programme)
        self.assertEqual(proposal["volunteer_id"], volunteer)
        self.later(20)
        self.meet(proposal, told=f"{self.day(-10)}T23:30:00Z")
        duo, = self.query("duos", programme=self.programme, person_id=newcomer)["duos"]
        self.assertEqual(duo["started"], f"{self.day(-9)}T12:00:00Z")

    def test_what_happened_earlier_is_told_with_its_day(self):
        """A coordinator has one day a week for it."""
        _, newcomer = self.volunteer(), self.newcomer()
        proposal = self.command("accept-match", person_id=newcomer, programme=self.programme)
        self.later(20)
        self.meet(proposal, on_date=self.day(-10))
        duo, = self.query("duos", programme=self.programme, person_id=newcomer)["duos"]
        started, = self.said("duo-started", newcomer)
        self.assertEqual(duo["started"], f"{self.day(-10)}T12:00:00Z")
        self.assertEqual(started["started"], duo["started"])
        self.assertIn(started["newcomer_waited_days"], (9, 10))
        waited, = [one for one in self.said("waiting-ended", newcomer) if one["person_id"] == newcomer]
        self.assertEqual((waited["until"], waited["days"]), (duo["started"], started["newcomer_waited_days"]))
        named = {"duo_id": duo["duo_id"]}
        self.refused("conflict", "log-contact", **named, kind="call", on_date=self.day(-11))
        self.command("log-contact", **named, kind="meeting", hours=2, on_date=self.day(-5))
        for name, more in (("stop-duo", {"reason": "schedule"}), ("mark-informal", {})):
            self.assertIn("future", self.refused("conflict", name, **named, **more, on_date=self.day(1)))
            self.assertEqual(self.pointed, ["/on_date"])
            self.assertIn("started", self.refused("conflict", name, **named, **more, on_date=self.day(-11)))
            self.assertEqual(self.pointed, ["/on_date"])
            self.assertIn(f"heard of on {self.day(-5)}", self.refused("conflict", name, **named, **more, on_date=self.day(-6)))
            self.assertEqual(self.pointed, ["/on_date"])
        stopped = self.command("stop-duo", **named, reason="schedule", on_date=self.day(-3))
        told, = self.said("duo-stopped", newcomer)
        duo, = self.query("duos", duo_id=duo["duo_id"])["duos"]
        self.assertEqual((stopped["days"], told["days"], duo["days"]), (7, 7, 7))
        self.assertEqual({told["ended"], duo["ended"]}, {f"{self.day(-3)}T12:00:00Z"})
        waits = [one for one in self.said("waiting-started", newcomer) if one["person_id"] == newcomer]
        self.assertGreater(waits[-1]["since"][:10], self.day(-2))

    def test_a_duo_that_ends_on_the_day_of_its_last_contact_ends_after_it(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        duo = self.duo(newcomer, volunteer)
        self.later(30)
        self.command("log-contact", duo_id=duo["duo_id"], kind="meeting")
        self.later(7)
        ended = self.command("mark-informal", duo_id=duo["duo_id"], on_date=self.day(-7))
        told, = self.said("duo-became-informal", newcomer)
        self.assertEqual((ended["days"], told["days"]), (30, 30))
        shown, = self.query("duos", duo_id=duo["duo_id"])["duos"]
        # At noon of that day, or with the contact where that was later.
        self.assertEqual(shown["ended"], max(shown["last_contact"], f"{self.day(-7)}T12:00:00Z"))

    def test_a_duo_ends_with_the_erasure_of_one_of_the_two(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.duo(newcomer, volunteer)
        self.later(5)
        self.say("registry", "person-erased", newcomer, person_id=newcomer, partnership="test")
        stopped, = self.said("duo-stopped", volunteer)
        self.assertEqual((stopped["days"], "same_person" in stopped), (5, False))

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

    def test_another_rhythm_of_rounds_holds_at_once(self):
        self.configure(rules={"match_every_hours": 720}, version=2)
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.configure(rules={"match_every_hours": 24}, version=3)
        self.assertEqual(self.pairs(), set())
        self.later(1)
        eventually(lambda: self.pairs() == {(newcomer, volunteer)}, what="the round of the day")

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

    def waiting_of(self, newcomer):
        (proposal,) = [p for p in self.proposals() if p["newcomer_id"] == newcomer]
        (waiting,) = [f for f in proposal["factors"] if f["factor"] == "waiting"]
        return waiting["value"]

    def test_the_longer_wait_of_two_entries_of_one_person_counts(self):
        for keeps_the_longer in (True, False):
            with self.subTest(keeps_the_longer=keeps_the_longer):
                self.programme += "x"
                self.configure()
                longer = self.newcomer()
                self.later(50)
                shorter = self.newcomer()
                keep, drop = (longer, shorter) if keeps_the_longer else (shorter, longer)
                self.say("registry", "person-merged", keep, keep_id=keep, drop_id=drop, partnership="test")
                self.later(50)
                self.volunteer()
                self.assertEqual(self.waiting_of(keep), 100)

    def test_a_place_that_comes_free_counts_what_a_newcomer_waited_by_then(self):
        volunteer, first, second = self.volunteer(), self.newcomer(), self.newcomer()
        (served,) = {n for n, _ in self.pairs()}
        self.later(10)
        self.intake(volunteer, "volunteer", capacity=2)
        self.assertEqual(self.pairs(), {(first, volunteer), (second, volunteer)})
        (other,) = {first, second} - {served}
        self.assertEqual(self.waiting_of(other), 10)

    def test_after_a_year_who_waits_goes_before_a_better_fit(self):
        self.configure(rules={"first_after_days": 365}, version=2)
        patient = self.newcomer(lat_e4=511900, birth_year=1940)
        self.later(460)
        fresh = self.newcomer(birth_year=1980)
        volunteer = self.volunteer(birth_year=1980)
        proposal, = self.proposals()
        self.assertEqual((proposal["newcomer_id"], proposal["volunteer_id"]), (patient, volunteer))
        self.assertEqual(proposal["explanation"][0], "the newcomer had waited 460 days when the volunteer came: "
                         "after 365 days, who waits goes first")
        self.assertEqual(proposal["score"], sum(f["score"] for f in proposal["factors"]) + 95 * 100)
        why = self.query("explain", programme=self.programme, newcomer_id=fresh, volunteer_id=volunteer)
        self.assertNotIn("first_days", why)
        self.assertEqual(why["volunteer_matches"][0]["first_days"], 95)
        self.assertIn("going first: they for 95 days of waiting, these two for 0 (9500 more)", why["why"])
        self.configure(rules={"first_after_days": 0}, version=3)
        self.assertEqual(self.pairs(), {(fresh, volunteer)})


if __name__ == "__main__":
    unittest.main()
