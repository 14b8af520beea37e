#!/usr/bin/python3
"""Who waits in matching: people who rest, move and leave."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from client import Refused  # noqa: E402
from matching_scene import Scene  # noqa: E402


class People(Scene):
    def test_rest_stop_move_and_erasure(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.say("registry", "volunteer-rested", volunteer, person_id=volunteer, partnership="test", nis="13011")
        self.assertEqual(self.names(volunteer)[-2:], ["match-withdrawn", "waiting-ended"])
        pair = {"programme": self.programme, "newcomer_id": newcomer, "volunteer_id": volunteer}
        self.assertIn("the volunteer rests", self.query("explain", **pair)["why"])
        self.assertEqual(self.refused("conflict", "pair-manually", **pair, override=True),
                         f"the volunteer does not wait in {self.programme}: they rest, so make them available first")
        self.say("registry", "volunteer-available", volunteer, person_id=volunteer, partnership="test", nis="13011",
                 capacity=1)
        self.assertEqual(self.pairs(), {(newcomer, volunteer)})
        place = {"postcode": "9000", "nis": "44021", "lat_e4": 510500, "lon_e4": 37200}
        self.say("registry", "person-moved", newcomer, person_id=newcomer, partnership="test", place=place,
                 from_nis="13011")
        self.assertEqual([d["reason"] for n, d in self.events() if n == "match-withdrawn"], ["rested", "moved"])
        near = self.newcomer()
        duo = self.duo(near, volunteer)
        self.say("registry", "person-erased", near, person_id=near, partnership="test")
        name, stopped = [(n, d) for n, d in self.events(near) if n == "duo-stopped"][0]
        self.assertEqual((stopped["duo_id"], stopped["reason"], stopped["newcomer_returns"],
                          stopped["volunteer_returns"]), (duo["duo_id"], "other", False, True))
        waiting = self.query("waiting-list", programme=self.programme)["people"]
        self.assertEqual({p["person_id"] for p in waiting}, {volunteer, newcomer})
        explained = self.query("proposals", programme=self.programme, person_id=near)["proposals"]
        self.assertEqual([p["explanation"] for p in explained], [[]])
        self.say("registry", "volunteer-stopped", volunteer, person_id=volunteer, partnership="test", nis="13011",
                 reason="moved")
        self.assertEqual(self.query("waiting-list", programme=self.programme, side="volunteer")["total"], 0)

    def test_a_move_to_another_partnership_ends_the_wait(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.assertEqual(self.pairs(), {(newcomer, volunteer)})
        place = {"postcode": "9000", "nis": "44021", "lat_e4": 510500, "lon_e4": 37200}
        self.say("registry", "person-moved", newcomer, person_id=newcomer, partnership="elsewhere", place=place,
                 from_nis="13011", from_partnership="test")
        (ended,) = [d for n, d in self.events(newcomer) if n == "waiting-ended"]
        self.assertEqual((ended["person_id"], ended["outcome"], ended["partnership"]), (newcomer, "moved", "test"))
        self.assertEqual(self.pairs(), set())
        waiting = self.query("waiting-list", programme=self.programme)["people"]
        self.assertEqual([p["person_id"] for p in waiting], [volunteer])

    def move_to(self, partnership, *people):
        for one in people:
            self.say("registry", "person-moved", one, person_id=one, partnership=partnership, from_nis="13011",
                     from_partnership="test", place={"postcode": "2200", "nis": "13011", "lat_e4": 511000, "lon_e4": 48000})

    def test_who_moved_to_another_partnership_comes_back_on_no_list_of_the_old_one(self):
        """Neither as their duo stops, whatever was said of it, nor as they are available again."""
        volunteer, newcomer = self.volunteer(capacity=2), self.newcomer()
        duo = self.duo(newcomer, volunteer)
        self.move_to("elsewhere", newcomer, volunteer)
        self.command("stop-duo", duo_id=duo["duo_id"], reason="schedule", newcomer_returns=True)
        stopped, = [d for n, d in self.events(newcomer) if n == "duo-stopped"]
        self.assertEqual((stopped["newcomer_returns"], stopped["volunteer_returns"]), (False, False))
        self.say("registry", "volunteer-available", volunteer, person_id=volunteer, partnership="elsewhere", nis="13011",
                 capacity=3)
        self.assertEqual(self.query("waiting-list", programme=self.programme)["total"], 0)
        self.move_to("test", newcomer, volunteer)
        self.intake(newcomer, "newcomer")
        self.say("registry", "volunteer-available", volunteer, person_id=volunteer, partnership="test", nis="13011", capacity=3)
        self.assertEqual((self.waiting("newcomer"), self.waiting("volunteer")), ([(newcomer, 1)], [(volunteer, 3)]))

    def test_nobody_on_both_sides_is_matched_with_themselves(self):
        both = self.volunteer()
        self.intake(both, "newcomer")
        self.assertEqual((self.waiting("newcomer"), self.waiting("volunteer"), self.pairs()), ([(both, 1)], [(both, 1)], set()))
        self.assertIn("same person", self.refused("conflict", "pair-manually", programme=self.programme, newcomer_id=both,
                                                  volunteer_id=both))
        other = self.volunteer(capacity=2)
        self.assertEqual(self.pairs(), {(both, other)})

    def test_who_partners_say_is_gone_is_proposed_to_nobody(self):
        volunteer = self.volunteer()
        for status, reason in (("deceased", "other"), ("moved-away", "moved"), ("unreachable", "unreachable")):
            newcomer = self.newcomer()
            self.assertEqual(self.pairs(), {(newcomer, volunteer)})
            for told in ("employed", status):
                self.assertIn("match-proposed", self.names(newcomer)[-1:])
                self.say("registry", "status-recorded", newcomer, person_id=newcomer, partnership="test",
                         partner_type="ocmw", status=told)
            self.assertEqual(self.names(newcomer)[-2:], ["match-withdrawn", "waiting-ended"])
            self.assertEqual(self.events(newcomer)[-1][1]["reason"], reason)
            self.assertEqual(self.pairs(), set())
        self.intake(newcomer, "newcomer")
        self.assertEqual(self.pairs(), {(newcomer, volunteer)})

    def test_a_newcomer_nobody_reaches_waits_again_after_an_intake_alone(self):
        """Whatever ends their duo, and whatever was said of it."""
        def erase(volunteer, duo):
            self.say("registry", "person-erased", volunteer, person_id=volunteer, partnership="test")
        def stop(_, duo):
            self.command("stop-duo", duo_id=duo["duo_id"], reason="schedule", newcomer_returns=True)
        for end in (erase, stop):
            with self.subTest(end=end.__name__):
                self.programme += "x"
                self.configure()
                volunteer, newcomer = self.volunteer(), self.newcomer()
                duo = self.duo(newcomer, volunteer)
                self.tell(newcomer, "deceased")
                end(volunteer, duo)
                stopped, = [d for n, d in self.events(newcomer) if n == "duo-stopped"]
                self.assertFalse(stopped["newcomer_returns"])
                self.assertEqual(self.waiting("newcomer"), [])
                self.intake(newcomer, "newcomer")
                self.assertEqual(self.waiting("newcomer"), [(newcomer, 1)])

    def test_dutch_is_no_language_in_common(self):
        self.configure(rules={"same_language_required": True}, version=2)
        newcomer = self.newcomer(languages=["nl", "ar"])
        self.volunteer(languages=["nl", "fr"])
        self.assertEqual(self.pairs(), set())
        arabic = self.volunteer(languages=["ar", "nl"])
        self.assertEqual(self.pairs(), {(newcomer, arabic)})

    def test_a_place_that_was_given_up_stays_so_after_a_rest(self):
        """Until a capacity is given, or the volunteer is recruited anew with one."""
        volunteer, newcomer = self.volunteer(capacity=2), self.newcomer()
        duo = self.duo(newcomer, volunteer)
        self.command("stop-duo", duo_id=duo["duo_id"], reason="moved", volunteer_returns=False)
        about = {"person_id": volunteer, "partnership": "test", "nis": "13011"}
        def available(**more):
            self.say("registry", "volunteer-available", volunteer, **about, capacity=2, **more)
            return [p["places"] for p in self.query("waiting-list", programme=self.programme, side="volunteer")["people"]]
        self.say("registry", "volunteer-rested", volunteer, **about)
        self.assertEqual(available(capacity_unchanged=True), [1])
        self.assertEqual(available(), [2])
        self.say("registry", "volunteer-stopped", volunteer, **about, reason="other")
        self.say("registry", "volunteer-recruited", volunteer, **about, capacity=3)
        self.assertEqual(available(capacity_unchanged=True), [3])

    def test_an_intake_changes_the_capacity_as_a_rest_that_ends_does(self):
        """Who has no place any more does not wait, and who has one again does."""
        volunteer, newcomer = self.volunteer(capacity=2), self.newcomer()
        self.duo(newcomer, volunteer)
        for capacity, places, said in ((1, [], "waiting-ended"), (1, [], "waiting-ended"), (3, [2], "waiting-started"),
                                       (2, [1], "waiting-started")):
            self.intake(volunteer, "volunteer", capacity=capacity)
            self.assertEqual(self.waiting("volunteer"), [(volunteer, n) for n in places])
            self.assertEqual(self.names(volunteer)[-1], said)

    def test_leaving_the_list(self):
        _, newcomer = self.volunteer(), self.newcomer()
        self.command("leave-waiting", person_id=newcomer, programme=self.programme, reason="no-longer-interested")
        self.assertEqual(self.names(newcomer)[-2:], ["match-withdrawn", "waiting-ended"])
        self.refused("not-found", "leave-waiting", person_id=newcomer, programme=self.programme, reason="other")
        self.assertEqual(self.pairs(), set())

    def test_a_changed_profile_keeps_a_proposal_that_is_still_best(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.say("registry", "profile-changed", newcomer, person_id=newcomer, partnership="test",
                 profile={"birth_year": 1990}, preferred_language="nl", channel="mail")
        self.assertEqual(self.names(newcomer), ["waiting-started", "match-proposed"])
        self.say("registry", "profile-changed", newcomer, person_id=newcomer, partnership="test",
                 profile={"prefers_gender": "woman"}, preferred_language="nl", channel="mail")
        self.assertEqual(self.pairs(), set())
        self.assertIn(volunteer, [d["volunteer_id"] for n, d in self.events() if n == "match-withdrawn"])

    def test_pages_follow_each_other(self):
        ids = {self.newcomer() for _ in range(5)}
        seen, cursor = [], {}
        while True:
            page = self.query("waiting-list", programme=self.programme, limit=2, **cursor)
            seen += [p["person_id"] for p in page["people"]]
            self.assertEqual(page["total"], 5)
            if "next" not in page:
                break
            cursor = {"cursor": page["next"]}
        self.assertEqual((len(seen), set(seen)), (5, ids))
        one = min(ids)
        waits = self.query("waiting-list", programme=self.programme, person_id=one)
        self.assertEqual(([p["person_id"] for p in waits["people"]], waits["total"]), ([one], 1))
        with self.assertRaises(Refused):
            self.query("waiting-list", programme=self.programme, cursor="nonsense")


if __name__ == "__main__":
    unittest.main()
