#!/usr/bin/python3
"""Who waits in matching after two entries turned out to be one person."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from matching_scene import Scene  # noqa: E402


class Merging(Scene):
    def merge(self, keep, drop):
        self.say("registry", "person-merged", keep, keep_id=keep, drop_id=drop, partnership="test")

    def test_a_merge_carries_everything_over(self):
        volunteer, drop = self.volunteer(), self.newcomer()
        keep = self.person()
        self.say("registry", "person-merged", keep, keep_id=keep, drop_id=drop, partnership="test")
        self.assertEqual(self.pairs(), {(keep, volunteer)})
        duo = self.duo(keep, volunteer)
        kept = self.person()
        self.say("registry", "person-merged", kept, keep_id=kept, drop_id=keep, partnership="test")
        shown, = self.query("duos", programme=self.programme)["duos"]
        self.assertEqual((shown["duo_id"], shown["newcomer_id"]), (duo["duo_id"], kept))
        self.command("stop-duo", newcomer_id=kept, programme=self.programme, reason="other")

    def test_what_kept_two_apart_keeps_them_apart_after_a_merge(self):
        for side in ("newcomer", "volunteer"):
            for known_first in (True, False):
                with self.subTest(side=side, known_first=known_first):
                    self.programme += "x"
                    self.configure()
                    declined = {"volunteer": self.volunteer(), "newcomer": self.newcomer()}
                    self.command("decline-match", person_id=declined["newcomer"], programme=self.programme, by="newcomer",
                                 reason="other")
                    again = self.newcomer() if side == "newcomer" else self.volunteer()
                    pair = {**declined, side: again}
                    self.assertEqual(self.pairs(), {(pair["newcomer"], pair["volunteer"])})
                    keep, drop = (declined[side], again) if known_first else (again, declined[side])
                    self.merge(keep, drop)
                    pair[side] = keep
                    self.assertEqual(self.pairs(), set())
                    why = self.query("explain", programme=self.programme, newcomer_id=pair["newcomer"],
                                     volunteer_id=pair["volunteer"])
                    self.assertEqual([rule["rule"] for rule in why["hard_rules"] if not rule["passes"]], ["declined-before"])

    def test_a_newcomer_who_left_the_list_waits_where_the_other_entry_does(self):
        keep, drop = self.newcomer(), self.newcomer()
        self.command("leave-waiting", person_id=keep, programme=self.programme, reason="no-longer-interested")
        before, = self.query("waiting-list", programme=self.programme)["people"]
        self.merge(keep, drop)
        after, = self.query("waiting-list", programme=self.programme)["people"]
        self.assertEqual((after["person_id"], after["waiting_id"], after["since"]),
                         (keep, before["waiting_id"], before["since"]))
        self.assertEqual(self.pairs(), set())
        volunteer = self.volunteer()
        self.assertEqual(self.pairs(), {(keep, volunteer)})

    def test_a_newcomer_who_is_in_a_duo_does_not_wait_under_the_other_name(self):
        for keeps_duo in (True, False):
            with self.subTest(keeps_duo=keeps_duo):
                self.programme += "x"
                self.configure()
                served, volunteer = self.newcomer(), self.volunteer()
                self.duo(served, volunteer)
                waits = self.newcomer()
                keep, drop = (served, waits) if keeps_duo else (waits, served)
                self.merge(keep, drop)
                self.assertEqual(self.waiting("newcomer"), [])
                self.assertEqual(self.events(waits)[-1][1]["outcome"], "merged")
                duo, = self.query("duos", programme=self.programme, state="active")["duos"]
                self.assertEqual((duo["newcomer_id"], duo["volunteer_id"]), (keep, volunteer))

    def test_a_newcomer_who_asked_for_another_beside_a_duo_still_waits(self):
        keep, volunteer = self.newcomer(), self.volunteer()
        self.duo(keep, volunteer)
        self.intake(keep, "newcomer")
        self.merge(keep, self.person())
        self.assertEqual(self.waiting("newcomer"), [(keep, 1)])

    def test_the_places_of_the_larger_capacity_are_left_after_a_merge(self):
        """Whether the kept entry is in a duo, or left the list; and none where the duos take them all."""
        for busy, capacity, places in ((True, 3, [2]), (True, 1, []), (False, 2, [2])):
            with self.subTest(busy=busy, capacity=capacity):
                self.programme += "x"
                self.configure()
                keep = self.volunteer(capacity=1)
                if busy:
                    self.duo(self.newcomer(), keep)
                else:
                    self.command("leave-waiting", person_id=keep, programme=self.programme, reason="other")
                drop = self.volunteer(capacity=capacity)
                self.merge(keep, drop)
                self.assertEqual(self.waiting("volunteer"), [(keep, n) for n in places])
                again = [self.newcomer() for _ in range(3)]
                self.assertEqual(len(self.pairs() & {(one, keep) for one in again}), sum(places))

    def test_a_volunteer_who_waits_for_nobody_more_leaves_the_list(self):
        drop = self.volunteer()
        self.duo(self.newcomer(), drop)
        keep = self.volunteer()
        self.merge(keep, drop)
        self.assertEqual(self.waiting("volunteer"), [])
        self.assertEqual(self.events(keep)[-1][1]["outcome"], "merged")

    def test_who_rests_does_not_wait_under_the_other_name(self):
        for known in (True, False):
            with self.subTest(known=known):
                keep = self.volunteer() if known else self.person()
                self.say("registry", "volunteer-recruited", keep, person_id=keep, partnership="test", nis="13011", capacity=1)
                self.say("registry", "volunteer-rested", keep, person_id=keep, partnership="test", nis="13011")
                drop = self.volunteer(capacity=2)
                self.merge(keep, drop)
                self.assertEqual(self.waiting("volunteer"), [])
                self.say("registry", "volunteer-available", keep, person_id=keep, partnership="test", nis="13011", capacity=2,
                         capacity_unchanged=True)
                self.assertEqual(self.waiting("volunteer"), [(keep, 2)])
                self.command("leave-waiting", person_id=keep, programme=self.programme, reason="other")

    def test_who_stopped_under_one_name_alone_goes_on(self):
        keep, drop = self.volunteer(), self.volunteer(capacity=2)
        self.say("registry", "volunteer-stopped", keep, person_id=keep, partnership="test", nis="13011", reason="moved")
        self.merge(keep, drop)
        self.assertEqual(self.waiting("volunteer"), [(keep, 2)])

    def test_the_two_of_a_duo_turn_out_to_be_one_person(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.duo(newcomer, volunteer)
        self.say("registry", "person-merged", volunteer, keep_id=volunteer, drop_id=newcomer, partnership="test")
        self.assertEqual(self.query("duos", programme=self.programme, state="active")["duos"], [])
        name, stopped = self.events(volunteer)[-1]
        self.assertEqual((name, stopped["newcomer_returns"], stopped["volunteer_returns"], stopped["same_person"]),
                         ("duo-stopped", False, False, True))
        self.assertEqual(self.query("waiting-list", programme=self.programme)["total"], 0)

    def test_help_from_oneself_is_asked_again(self):
        self.configure(kind="support-buddy", version=2)
        asker, buddy = self.newcomer(), self.volunteer()
        request = self.command("open-help-request", programme=self.programme, person_id=asker, topic="bank",
                               buddy_id=buddy)["request_id"]
        self.merge(buddy, asker)
        self.assertEqual([data["buddy_id"] for name, data in self.events(buddy)
                          if name == "help-request-reopened" and data["request_id"] == request], [buddy])

    def test_help_from_oneself_lapses_in_a_programme_that_has_ended(self):
        for how in ("a task", "a duo", "the buddy of another duo"):
            with self.subTest(how=how):
                self.setUp()
                self.configure(kind="support-buddy", version=2)
                asker, buddy = self.newcomer(), self.volunteer()
                if how == "a duo":
                    self.duo(asker, buddy)
                request = self.command("open-help-request", programme=self.programme, person_id=asker, topic="bank",
                                       buddy_id=buddy)["request_id"]
                if how == "the buddy of another duo":
                    other = self.volunteer()
                    self.duo(asker, other)
                self.say("registry", "programme-ended", self.programme, programme=self.programme, partnership="test",
                         on_date=self.day(0), reason="the grant ended")
                self.merge(buddy, asker)
                told, = self.query("help-requests", programme=self.programme)["requests"]
                self.assertEqual(told["request_id"], request)
                self.assertEqual((told["state"], told.get("drop_reason"), told.get("buddy_id")),
                                 ("assigned", None, other) if how == "the buddy of another duo" else ("dropped", "programme-ended", None))

    def test_accepted_with_oneself_is_withdrawn_by_the_merge(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.command("accept-match", person_id=newcomer, programme=self.programme)
        self.say("registry", "person-merged", newcomer, keep_id=newcomer, drop_id=volunteer, partnership="test")
        self.assertEqual([d["reason"] for n, d in self.events() if n == "match-withdrawn"], ["merged"])
        self.assertEqual(self.proposals(), [])

    def test_a_newcomer_nobody_reaches_under_either_name_is_proposed_to_nobody_after_a_merge(self):
        self.volunteer()
        for told_of_kept in (True, False):
            with self.subTest(told_of_kept=told_of_kept):
                keep, drop = self.newcomer(), self.newcomer()
                self.tell(keep if told_of_kept else drop, "unreachable")
                waits, = {keep, drop} & {n for n, _ in self.pairs()}
                self.command("accept-match", person_id=waits, programme=self.programme)
                self.merge(keep, drop)
                self.assertEqual((self.proposals("accepted"), self.waiting("newcomer")), ([], []))
                self.assertEqual([d["outcome"] for n, d in self.events(waits) if n == "waiting-ended"], ["merged"])


if __name__ == "__main__":
    unittest.main()
