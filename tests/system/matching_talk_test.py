#!/usr/bin/python3
"""A talk that was held with a start, about a proposal that has ended meanwhile: the two have met, so the duo starts, unless one of
them is gone or promised to somebody else by now."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from matching_scene import Scene  # noqa: E402


class Talk(Scene):
    def accepted(self, capacity=1):
        """A proposal in a programme of its own."""
        self.setUp()
        volunteer, newcomer = self.volunteer(capacity=capacity), self.newcomer()
        proposal = self.command("accept-match", person_id=newcomer, programme=self.programme)
        self.assertEqual(proposal["volunteer_id"], volunteer)
        return proposal

    def told(self, name, person_id, **more):
        self.say("registry", name, person_id, person_id=person_id, partnership="test", **more)

    def move(self, person_id):
        place = {"postcode": "9000", "nis": "44021", "lat_e4": 510500, "lon_e4": 37200}
        self.say("registry", "person-moved", person_id, person_id=person_id, partnership="elsewhere", from_partnership="test",
                 place=place, from_nis="13011")

    def duos(self, proposal):
        duos = self.query("duos", programme=self.programme, state="active")["duos"]
        return [(one["newcomer_id"], one["volunteer_id"]) for one in duos if one["newcomer_id"] == proposal["newcomer_id"]]

    def starts(self, proposal):
        self.meet(proposal)
        self.assertEqual(self.duos(proposal), [(proposal["newcomer_id"], proposal["volunteer_id"])])
        started, = [data for name, data in self.events() if name == "duo-started" and data["proposal_id"] == proposal["proposal_id"]]
        self.assertEqual(started["nis"], "13011")
        self.assertIn(proposal["proposal_id"], [one["proposal_id"] for one in self.proposals("started")])
        self.assertNotIn(proposal["newcomer_id"], [person_id for person_id, _ in self.waiting("newcomer")])
        self.assertNotIn(proposal["newcomer_id"], [newcomer for newcomer, _ in self.pairs()])

    def warned(self, proposal):
        before = self.events()
        self.meet(proposal)
        self.assertEqual(self.events(), before)
        self.assertIn(f"no duo of proposal {proposal['proposal_id']}", (self.stack.folder / "matching.log").read_text())

    def test_after_a_no_or_a_leave_it_starts(self):
        proposal = self.accepted()
        self.command("decline-match", proposal_id=proposal["proposal_id"], by="volunteer", reason="schedule")
        other = self.volunteer()
        self.assertEqual(self.pairs(), {(proposal["newcomer_id"], other)})
        self.starts(proposal)
        self.assertEqual((self.pairs(), self.waiting("volunteer")), (set(), [(other, 1)]))
        proposal = self.accepted()
        self.command("leave-waiting", person_id=proposal["newcomer_id"], programme=self.programme, reason="other")
        self.starts(proposal)

    def test_who_rests_stops_or_moves_away_meanwhile_is_in_a_duo_as_if_it_had_come_later(self):
        for how, leave in (("rests", lambda p: self.told("volunteer-rested", p["volunteer_id"], nis="13011")),
                           ("stops", lambda p: self.told("volunteer-stopped", p["volunteer_id"], nis="13011", reason="other")),
                           ("moves", lambda p: self.move(p["volunteer_id"])), ("newcomer moves", lambda p: self.move(p["newcomer_id"])),
                           ("away", lambda p: self.tell(p["newcomer_id"], "unreachable"))):
            with self.subTest(how):
                proposal = self.accepted()
                leave(proposal)
                self.assertIn(proposal["proposal_id"], [one["proposal_id"] for one in self.proposals("withdrawn")])
                self.starts(proposal)

    def test_it_starts_once(self):
        proposal = self.accepted(capacity=2)
        self.meet(proposal)
        self.command("stop-duo", programme=self.programme, newcomer_id=proposal["newcomer_id"], reason="mismatch")
        before = self.events()
        self.meet(proposal)
        self.assertEqual(self.events(), before)

    def test_who_is_gone_or_promised_to_somebody_else_starts_none_and_the_log_says_so(self):
        proposal = self.accepted()
        self.told("person-erased", proposal["volunteer_id"])
        self.warned(proposal)
        proposal = self.accepted()
        self.command("decline-match", proposal_id=proposal["proposal_id"], by="volunteer", reason="schedule")
        self.newcomer()
        self.command("accept-match", person_id=proposal["volunteer_id"], programme=self.programme)
        self.warned(proposal)
        proposal = self.accepted()
        self.command("decline-match", proposal_id=proposal["proposal_id"], by="newcomer", reason="other")
        self.volunteer()
        self.duo(proposal["newcomer_id"], self.proposals()[-1]["volunteer_id"])
        self.warned(proposal)

    def test_another_outcome_changes_nothing(self):
        proposal = self.accepted()
        self.command("decline-match", proposal_id=proposal["proposal_id"], by="volunteer", reason="schedule")
        before = self.events()
        self.meet(proposal, outcome="no-show")
        self.meet(proposal, outcome="decline-newcomer", reason="other")
        self.assertEqual(self.events(), before)


if __name__ == "__main__":
    unittest.main()
