#!/usr/bin/python3
"""Who waits in matching: people who rest, move, merge and leave, and requests for the help of a buddy."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from matching_scene import Scene  # noqa: E402
from ministack import Refused  # noqa: E402


class People(Scene):
    def test_rest_stop_move_and_erasure(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.say("registry", "volunteer-rested", volunteer, person_id=volunteer, partnership="test", nis="13011")
        self.assertEqual(self.names(volunteer)[-2:], ["match-withdrawn", "waiting-ended"])
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

    def test_leaving_the_list(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
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
        with self.assertRaises(Refused):
            self.query("waiting-list", programme=self.programme, cursor="nonsense")


class Requests(Scene):
    def test_requests_are_fulfilled_one_after_the_other_by_the_same_buddy(self):
        self.configure(kind="support-buddy", version=2)
        buddy, asker = self.volunteer(capacity=1), self.person()
        self.volunteer(lat_e4=511800, capacity=1)
        for topic in ("school", "bank"):
            opened = self.command("open-help-request", programme=self.programme, person_id=asker, topic=topic)
            self.assertEqual((opened["state"], opened["buddy_id"]), ("assigned", buddy))
            done = self.command("fulfil-help-request", request_id=opened["request_id"], hours=2)
            self.assertEqual(done["buddy_id"], buddy)
        requests = self.query("help-requests", programme=self.programme, buddy_id=buddy)
        self.assertEqual([(r["topic"], r["state"], r["hours"]) for r in requests["requests"]],
                         [("bank", "fulfilled", 2.0), ("school", "fulfilled", 2.0)])
        self.refused("conflict", "drop-help-request", request_id=opened["request_id"], reason="other")

    def test_an_open_request_is_served_when_a_buddy_comes(self):
        self.configure(kind="support-buddy", version=2)
        asker = self.person()
        opened = self.command("open-help-request", programme=self.programme, person_id=asker, topic="doctor")
        self.assertEqual(opened["state"], "open")
        self.refused("conflict", "fulfil-help-request", request_id=opened["request_id"])
        buddy = self.volunteer()
        self.assertEqual(self.names(asker), ["help-request-opened", "help-request-assigned"])
        waiting, = self.query("waiting-list", programme=self.programme, side="volunteer")["people"]
        self.assertEqual((waiting["person_id"], waiting["places"]), (buddy, 0))
        self.command("drop-help-request", request_id=opened["request_id"], reason="no-contact")
        waiting, = self.query("waiting-list", programme=self.programme, side="volunteer")["people"]
        self.assertEqual(waiting["places"], 1)

    def test_a_request_that_merges_into_a_duo_gives_its_place_back(self):
        self.configure(kind="support-buddy", version=2)
        buddy, asker = self.volunteer(capacity=2), self.newcomer()
        self.duo(asker, buddy)
        twice = self.person()
        opened = self.command("open-help-request", programme=self.programme, person_id=twice, topic="doctor")
        self.assertEqual(opened["buddy_id"], buddy)
        waiting = self.newcomer()
        self.assertEqual(self.pairs(), set())
        self.say("registry", "person-merged", asker, keep_id=asker, drop_id=twice, partnership="test")
        self.assertEqual(self.pairs(), {(waiting, buddy)})
        request, = self.query("help-requests", programme=self.programme, buddy_id=buddy)["requests"]
        self.assertEqual((request["request_id"], request["person_id"]), (opened["request_id"], asker))

    def test_requests_need_a_support_programme(self):
        asker = self.person()
        self.refused("conflict", "open-help-request", programme=self.programme, person_id=asker, topic="bank")


if __name__ == "__main__":
    unittest.main()
