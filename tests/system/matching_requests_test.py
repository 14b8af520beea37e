#!/usr/bin/python3
"""Requests for the help of a buddy: who is given, and when."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from matching_scene import Scene  # noqa: E402


class Requests(Scene):
    def move(self, person_id, lat_e4):
        self.say("registry", "person-moved", person_id, person_id=person_id, partnership="test",
                 from_nis="13011", place={"postcode": "2200", "nis": "13011", "lat_e4": lat_e4, "lon_e4": 48000})

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

    def test_who_helped_last_helps_again_only_if_nothing_keeps_the_two_apart(self):
        """Neither after a decline, nor beyond the distance limit since one of them moved."""
        self.configure(kind="support-buddy", version=2)
        buddy, asker = self.volunteer(), self.person()
        def ask():
            opened = self.command("open-help-request", programme=self.programme, person_id=asker, topic="bank")
            self.command("drop-help-request" if opened["state"] == "open" else "fulfil-help-request",
                         request_id=opened["request_id"], **({"reason": "other"} if opened["state"] == "open" else {}))
            return opened.get("buddy_id")
        self.assertEqual(ask(), buddy)
        self.move(asker, 513000)
        self.assertIsNone(ask())
        self.move(asker, 511000)
        self.assertEqual(ask(), buddy)
        self.intake(asker, "newcomer")
        self.command("decline-match", person_id=asker, programme=self.programme, by="newcomer", reason="other")
        self.assertIsNone(ask())

    def test_a_request_waits_for_the_buddy_that_an_accepted_proposal_is_about_to_give(self):
        """Though another is free; and when the talk leads to nothing, that other helps."""
        self.configure(kind="support-buddy", version=2)
        for outcome, more in (("start", {}), ("decline-volunteer", {"reason": "other"})):
            asker, buddy = self.newcomer(), self.volunteer()
            accepted = self.command("accept-match", person_id=asker, programme=self.programme)
            self.assertEqual(accepted["volunteer_id"], buddy)
            other = self.volunteer(lat_e4=511300)
            opened = self.command("open-help-request", programme=self.programme, person_id=asker, topic="bank")
            self.assertEqual((opened["state"], opened.get("buddy_id")), ("open", None))
            self.meet(accepted, outcome, **more)
            assigned = [data["buddy_id"] for name, data in self.events(asker) if name == "help-request-assigned"]
            self.assertEqual(assigned, [buddy if outcome == "start" else other])
            self.command("fulfil-help-request", request_id=opened["request_id"])
            for person_id in (other, buddy):
                self.say("registry", "volunteer-stopped", person_id, person_id=person_id, partnership="test", nis="13011",
                         reason="other")

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

    def test_a_request_is_open_again_when_its_buddy_stops(self):
        self.configure(kind="support-buddy", version=2)
        buddy, asker = self.volunteer(), self.person()
        opened = self.command("open-help-request", programme=self.programme, person_id=asker, topic="doctor")
        self.assertEqual(opened["state"], "assigned")
        self.say("registry", "volunteer-stopped", buddy, person_id=buddy, partnership="test", nis="13011", reason="other")
        name, told = self.events(asker)[-1]
        self.assertEqual((name, told["request_id"], told["buddy_id"]), ("help-request-reopened", opened["request_id"], buddy))
        other = self.volunteer()
        name, told = self.events(asker)[-1]
        self.assertEqual((name, told["buddy_id"]), ("help-request-assigned", other))

    def test_who_stops_has_no_request_any_more_though_their_duo_goes_on(self):
        """Who is free takes over, and it is open where nobody is; nor can they be named."""
        self.configure(kind="support-buddy", version=2)
        for other in (None, self.volunteer):
            buddy, asker = self.volunteer(), self.newcomer()
            self.duo(asker, buddy)
            other = other and other()
            opened = self.command("open-help-request", programme=self.programme, person_id=asker, topic="bank")
            self.assertEqual(opened["buddy_id"], buddy)
            self.say("registry", "volunteer-stopped", buddy, person_id=buddy, partnership="test", nis="13011", reason="other")
            request, = self.query("help-requests", programme=self.programme, person_id=asker)["requests"]
            self.assertEqual((request["state"], request.get("buddy_id")), ("assigned" if other else "open", other))
            self.assertEqual(self.names(buddy).count("help-request-assigned"), 1)
            self.assertIn("has stopped", self.refused("conflict", "assign-help-request", request_id=opened["request_id"],
                                                      buddy_id=buddy))
            self.command("drop-help-request", request_id=opened["request_id"], reason="other")

    def test_nobody_is_given_to_who_a_partner_cannot_reach_until_an_intake(self):
        """Neither what was asked before nor after, in whatever programme that intake is; a buddy who was named goes on."""
        self.configure(kind="support-buddy", version=2)
        asker = self.person()
        def ask(**more):
            return self.command("open-help-request", programme=self.programme, person_id=asker, topic="doctor", **more)
        before = ask()
        self.say("registry", "status-recorded", asker, person_id=asker, partnership="test", partner_type="vdab",
                 status="unreachable")
        buddy = self.volunteer(capacity=3)
        after = ask()
        self.assertEqual(([before["state"], after["state"]], self.names(buddy)), (["open", "open"], ["waiting-started"]))
        self.assertEqual(ask(buddy_id=buddy)["state"], "assigned")
        support, self.programme = self.programme, self.programme + "x"
        self.configure()
        self.intake(asker, "newcomer")
        self.programme = support
        given = [d["request_id"] for n, d in self.events(buddy) if n == "help-request-assigned"]
        self.assertEqual(given[1:], [before["request_id"], after["request_id"]])

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

    def test_a_request_takes_no_place_while_the_two_are_a_duo(self):
        self.configure(kind="support-buddy", version=2)
        buddy, asker = self.volunteer(capacity=2), self.newcomer()
        opened = self.command("open-help-request", programme=self.programme, person_id=asker, topic="doctor")
        self.assertEqual(opened["buddy_id"], buddy)
        duo = self.duo(asker, buddy)
        self.newcomer(), self.newcomer()
        self.assertEqual(len(self.pairs()), 1)
        self.command("stop-duo", duo_id=duo["duo_id"], reason="goal-reached")
        self.assertEqual(len(self.pairs()), 1)
        self.command("fulfil-help-request", request_id=opened["request_id"])
        self.assertEqual(len(self.pairs()), 2)

    def test_requests_need_a_support_programme(self):
        asker = self.person()
        self.refused("conflict", "open-help-request", programme=self.programme, person_id=asker, topic="bank")


if __name__ == "__main__":
    unittest.main()
