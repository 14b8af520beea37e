#!/usr/bin/python3
"""From a proposal to a duo and its end: what matching proposes, how people decide, and what becomes of the pair."""
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from client import Refused  # noqa: E402
from matching_scene import Scene  # noqa: E402


class Duos(Scene):
    def test_from_intake_to_a_stopped_and_rematched_duo(self):
        volunteer = self.volunteer(interests=["cooking"], birth_year=1960)
        newcomer = self.newcomer(interests=["cooking"], birth_year=1962)
        self.assertEqual(self.names(), ["waiting-started", "waiting-started", "match-proposed"])
        proposal, = self.proposals()
        self.assertIn("both like cooking", proposal["explanation"])
        self.assertEqual(proposal["score"], sum(f["score"] for f in proposal["factors"]))
        self.assertEqual(self.command("accept-match", proposal_id=proposal["proposal_id"]),
                         {"proposal_id": proposal["proposal_id"], "newcomer_id": newcomer,
                          "volunteer_id": volunteer, "programme": self.programme})
        self.assertEqual(self.query("current-matching", programme=self.programme)["newcomers"], 0)
        self.meet(proposal)
        other = self.newcomer(lat_e4=511100)
        self.assertEqual(self.names(newcomer)[2:], ["match-accepted", "duo-started", "waiting-ended"])
        before = len(self.events())
        stopped = self.command("stop-duo", newcomer_id=newcomer, programme=self.programme, reason="mismatch")
        after = self.events()[before:]
        self.assertEqual([name for name, _ in after],
                         ["duo-stopped", "waiting-started", "waiting-started", "match-proposed"])
        self.assertEqual((after[3][1]["newcomer_id"], after[3][1]["volunteer_id"]), (other, volunteer))
        self.assertEqual(after[1][1]["duo_id"], stopped["duo_id"])
        again = self.query("explain", programme=self.programme, newcomer_id=newcomer, volunteer_id=volunteer)
        self.assertFalse(again["eligible"])
        self.assertEqual([r["rule"] for r in again["hard_rules"] if not r["passes"]], ["ended-badly"])

    def test_an_accepted_proposal_tells_when_both_can_meet(self):
        self.configure(rules={"min_shared_slots": 0}, version=2)
        for newcomer, volunteer, shared in (
                (["sun-evening", "tue-evening", "mon-morning"], ["mon-morning", "wed-afternoon", "sun-evening"],
                 ["mon-morning", "sun-evening"]),
                (["tue-evening"], ["fri-afternoon"], None),
                ([], ["tue-evening"], None)):
            self.volunteer(availability=volunteer)
            person_id = self.newcomer(availability=newcomer)
            self.command("accept-match", person_id=person_id, programme=self.programme)
            accepted, = [data for name, data in self.events(person_id) if name == "match-accepted"]
            self.assertEqual(accepted.get("shared_slots"), shared)

    def test_the_whole_breath_is_one_turn(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        duo = self.duo(newcomer, volunteer)
        self.newcomer(lat_e4=511200)
        self.command("stop-duo", duo_id=duo["duo_id"], reason="no-contact")
        headers = [h for h, d in self.client.log("matching") if d.get("programme") == self.programme][-4:]
        self.assertEqual(len({h["causationid"] for h in headers}), 1)
        self.assertEqual([h["seq"] for h in headers], list(range(headers[0]["seq"], headers[0]["seq"] + 4)))

    def test_a_limited_sender_stays_within_its_limits(self):
        duo = self.duo(self.newcomer(), self.volunteer())
        def stop(within):
            return self.stack.client.command("matching", "koppel.matching.stop-duo.v1",
                                             {"duo_id": duo["duo_id"], "reason": "other"}, within=within)
        for within in ("partnership=elsewhere", f"partnership={duo['partnership']} nis=99999", "x=1"):
            with self.assertRaises(Refused) as refused:
                stop(within)
            self.assertEqual(refused.exception.status["status"], "denied")
        self.assertEqual(self.query("duos", duo_id=duo["duo_id"])["duos"][0]["state"], "active")
        stop(f"partnership=elsewhere partnership={duo['partnership']} nis={duo['nis']}")

    def test_what_a_limited_sender_is_refused_costs_nobody_else_their_batch(self):
        """Refused before the first change: nothing is rolled back, and nothing is loaded and solved anew."""
        duo = self.duo(self.newcomer(), self.volunteer())
        newcomer, volunteer, far = self.newcomer(), self.volunteer(), self.volunteer(lat_e4=520000)
        self.configure(kind="support-buddy", version=2)
        request = self.command("open-help-request", programme=self.programme, person_id=newcomer, topic="bank")
        pair = {"programme": self.programme, "newcomer_id": newcomer, "volunteer_id": far}
        of_duo, of_person = {"duo_id": duo["duo_id"]}, {"programme": self.programme, "person_id": newcomer}
        undone = self.stack.metric("matching", "libbus_singles_total")
        before = self.events()
        for name, data in (
                ("stop-duo", {**of_duo, "reason": "other"}), ("mark-informal", of_duo), ("log-contact", {**of_duo, "kind": "meeting"}),
                ("accept-match", of_person), ("decline-match", {**of_person, "by": "newcomer", "reason": "other"}),
                ("leave-waiting", {**of_person, "reason": "other"}), ("pair-manually", {**pair, "override": True}),
                ("open-help-request", {**of_person, "topic": "bank"}),
                ("drop-help-request", {"request_id": request["request_id"], "reason": "other"}),
                ("assign-help-request", {"request_id": request["request_id"], "buddy_id": volunteer})):
            with self.assertRaises(Refused) as refused:
                self.client.command("matching", f"koppel.matching.{name}.v1", data, within="partnership=test nis=23002")
            self.assertEqual(refused.exception.status["status"], "denied", (name, refused.exception.status))
        self.assertEqual(self.stack.metric("matching", "libbus_singles_total"), undone)
        self.assertEqual(self.events(), before)

    def test_who_may_not_is_not_told_what_became_of_it(self):
        duo = self.duo(self.newcomer(), self.volunteer())
        self.newcomer(), self.volunteer()
        open_one, = self.proposals()
        accepted = self.command("accept-match", proposal_id=open_one["proposal_id"])
        started, = self.query("proposals", programme=self.programme, state="started")["proposals"]
        self.command("stop-duo", duo_id=duo["duo_id"], reason="moved", newcomer_returns=False, volunteer_returns=False)
        self.configure(kind="support-buddy", version=2)
        person = self.newcomer()
        request = self.command("open-help-request", programme=self.programme, person_id=person, topic="bank")
        self.command("drop-help-request", request_id=request["request_id"], reason="other")
        for name, data in (("stop-duo", {"duo_id": duo["duo_id"], "reason": "other"}),
                           ("accept-match", {"proposal_id": started["proposal_id"]}),
                           ("accept-match", {"proposal_id": accepted["proposal_id"]}),
                           ("drop-help-request", {"request_id": request["request_id"], "reason": "other"})):
            with self.assertRaises(Refused) as refused:
                self.client.command("matching", f"koppel.matching.{name}.v1", data, within="partnership=elsewhere")
            self.assertEqual(refused.exception.status["status"], "denied", (name, refused.exception.status))
            self.refused("conflict", name, **data)

    def test_who_does_not_return_does_not_wait(self):
        volunteer, newcomer = self.volunteer(capacity=2), self.newcomer()
        duo = self.duo(newcomer, volunteer)
        self.command("stop-duo", duo_id=duo["duo_id"], reason="goal-reached", volunteer_returns=False)
        stopped = [d for n, d in self.events() if n == "duo-stopped"][0]
        self.assertEqual((stopped["newcomer_returns"], stopped["volunteer_returns"]), (False, False))
        waiting = self.query("waiting-list", programme=self.programme)["people"]
        self.assertEqual([(p["person_id"], p["places"]) for p in waiting], [(volunteer, 1)])

    def test_names_that_do_not_exist_are_refused(self):
        for name in ("duos", "proposals", "waiting-list", "help-requests"):
            for key, value in (("partnership", "mars"), ("programme", "nonexistent")):
                with self.assertRaises(Refused) as refused:
                    self.query(name, **{key: value})
                self.assertEqual(refused.exception.status["status"], "not-found")
                self.assertIn(f"there is no {key} {value}", refused.exception.status["text"])
            self.query(name, partnership="test", programme=self.programme)

    def test_contact_is_logged_once_and_counts_hours(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        duo = self.duo(newcomer, volunteer)
        contact = str(uuid.uuid4())
        first = self.command("log-contact", duo_id=duo["duo_id"], kind="meeting", hours=1.5, contact_id=contact)
        again = self.command("log-contact", duo_id=duo["duo_id"], kind="meeting", hours=1.5, contact_id=contact)
        self.assertEqual(first, again)
        self.command("log-contact", newcomer_id=newcomer, programme=self.programme, kind="call")
        shown, = self.query("duos", programme=self.programme)["duos"]
        self.assertEqual((shown["hours_total"], shown["contacts"]), (1.5, 2))
        self.assertIn("future", self.refused("conflict", "log-contact", duo_id=duo["duo_id"], kind="call",
                                             on_date="2199-01-01"))
        other = self.duo(self.newcomer(), self.volunteer())
        self.refused("conflict", "log-contact", duo_id=other["duo_id"], kind="meeting", contact_id=contact)

    def test_a_duo_is_found_by_either_of_the_two(self):
        volunteer = self.volunteer(capacity=2)
        newcomers = [self.newcomer(lat_e4=511000 + 10 * n) for n in range(2)]
        duo = self.duo(newcomers[0], volunteer)
        logged = self.command("log-contact", volunteer_id=volunteer, programme=self.programme, kind="call")
        self.assertEqual(logged["duo_id"], duo["duo_id"])
        self.duo(newcomers[1], volunteer)
        self.refused("conflict", "log-contact", volunteer_id=volunteer, programme=self.programme, kind="call")
        self.refused("invalid", "log-contact", programme=self.programme, kind="call")

    def test_informal_is_an_end_too(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        duo = self.duo(newcomer, volunteer)
        self.command("mark-informal", duo_id=duo["duo_id"])
        self.assertEqual(self.names()[-2:], ["duo-became-informal", "waiting-started"])
        self.assertIn("informal", self.refused("conflict", "stop-duo", duo_id=duo["duo_id"], reason="other"))
        self.refused("not-found", "stop-duo", duo_id=str(uuid.uuid4()), reason="other")


class Proposals(Scene):
    def pair(self):
        """A newcomer and a volunteer so far from all others that nobody else is for them."""
        type(self).far = getattr(self, "far", 0) + 1
        lat_e4 = 495000 + 2000 * self.far
        newcomer, volunteer = self.newcomer(lat_e4=lat_e4), self.volunteer(lat_e4=lat_e4)
        return newcomer, volunteer

    def test_why_not_is_told_factor_by_factor_beside_who_they_have_instead(self):
        cooks = {"interests": ["cooking", "music"], "birth_year": 1980}
        here = self.volunteer(lat_e4=511000, **cooks)
        near = self.newcomer(lat_e4=511000, **cooks)
        far = self.newcomer(lat_e4=511400, interests=["chess", "music"], birth_year=1960)
        self.assertEqual(self.pairs(), {(near, here)})
        told = self.query("explain", programme=self.programme, newcomer_id=far, volunteer_id=here)
        why, more = told["why"], 0
        match, = told["volunteer_matches"]
        values = {one["factor"]: (one.get("value"), two.get("value"))
                  for one, two in zip(sorted(match["factors"], key=lambda one: one["factor"]),
                                      sorted(told["factors"], key=lambda one: one["factor"]))}
        self.assertEqual((values["interests"], values["age"], values["distance"][0]), ((2, 1), (0, 20), 0))
        self.assertEqual(match["score"], sum(one["score"] for one in match["factors"]))
        self.assertIn(f": {told['loses']} less", why[0])
        self.assertNotIn("are_duo", told)
        self.assertIn(f"the volunteer is matched with {near} instead", why[1])
        for line in why[2:]:
            rest = line.split(": ", 1)[1]
            more += int(rest.split("(")[-1].split()[0]) * (1 if rest.endswith("more)") else -1)
        lines = {line.split(":")[0]: line for line in why[2:]}
        self.assertIn("they live in the same postcode, these two live 4.5 km apart", lines["distance"])
        self.assertIn("they share 2 interests, these two share 1 interest", lines["interests"])
        self.assertIn("they are of the same age, these two differ 20 years in age", lines["age"])
        scores = [self.query("explain", programme=self.programme, newcomer_id=who, volunteer_id=here)["score"]
                  for who in (near, far)]
        self.assertEqual(more, scores[0] - scores[1], "the lines add up to the difference of the scores")
        # A newcomer who has another volunteer is told about that one too.
        there = self.volunteer(lat_e4=511400, interests=["chess"])
        why = self.query("explain", programme=self.programme, newcomer_id=far, volunteer_id=here)["why"]
        self.assertIn(f"the newcomer is matched with {there} instead", why[1])
        self.assertTrue(any(line.startswith("age: they did not both tell their age") for line in why), why)
        self.assertIn(f"the volunteer is matched with {near} instead", " ".join(why))

    def test_a_better_total_replaces_and_the_figure_can_be_checked(self):
        self.volunteer(lat_e4=511000)
        far = self.newcomer(lat_e4=511500)
        near = self.newcomer(lat_e4=511010)
        names = self.names(far)
        self.assertEqual(names, ["waiting-started", "match-proposed", "match-withdrawn"])
        matching = self.query("current-matching", programme=self.programme)
        self.assertEqual([p["newcomer_id"] for p in matching["pairs"]], [near])
        self.assertEqual(matching["total"], sum(p["score"] for p in matching["pairs"]))
        self.assertEqual((matching["eligible_pairs"], matching["newcomers"], matching["volunteers"]), (2, 2, 1))
        volunteer = matching["pairs"][0]["volunteer_id"]
        why = self.query("explain", programme=self.programme, newcomer_id=far, volunteer_id=volunteer)
        self.assertTrue(why["eligible"])
        self.assertFalse(why["in_matching"])
        self.assertEqual([(one["newcomer_id"], one["score"]) for one in why["volunteer_matches"]],
                         [(near, matching["total"])])
        self.assertIn(f"{matching['total'] - why['score']} less", why["why"][0])

    def test_a_decline_excludes_the_pair_for_good(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.command("decline-match", person_id=volunteer, programme=self.programme, by="volunteer", reason="no-click")
        self.assertEqual(self.pairs(), set())
        second = self.volunteer(lat_e4=511100)
        self.assertEqual(self.pairs(), {(newcomer, second)})
        declined, = self.proposals("declined")
        self.assertEqual((declined["by"], declined["reason"]), ("volunteer", "no-click"))
        self.assertIn("declined", self.refused("conflict", "accept-match", proposal_id=declined["proposal_id"]))

    def test_a_decline_at_the_talk(self):
        _, newcomer = self.volunteer(), self.newcomer()
        proposal, = self.proposals()
        self.command("accept-match", proposal_id=proposal["proposal_id"])
        self.meet(proposal, "no-show")
        self.assertEqual(len(self.proposals("accepted")), 1)
        self.meet(proposal, "decline-newcomer", reason="schedule")
        name, declined = self.events(newcomer)[-1]
        self.assertEqual((name, declined["after_meeting"], declined["by"]), ("match-declined", True, "newcomer"))
        self.assertEqual(self.query("waiting-list", programme=self.programme)["total"], 2)

    def test_pairing_by_hand_and_its_refusals(self):
        volunteer, newcomer = self.volunteer(), self.newcomer(lat_e4=513000)
        self.assertEqual(self.pairs(), set())
        text = self.refused("conflict", "pair-manually", programme=self.programme, newcomer_id=newcomer,
                            volunteer_id=volunteer)
        self.assertIn("distance", text)
        reply = self.command("pair-manually", programme=self.programme, newcomer_id=newcomer, volunteer_id=volunteer,
                             override=True)
        self.assertEqual(reply["overridden"], ["distance"])
        third = self.newcomer()
        self.assertEqual(self.pairs(), {(newcomer, volunteer)})
        self.assertIn("place", self.refused("conflict", "pair-manually", programme=self.programme, newcomer_id=third,
                                            volunteer_id=volunteer, override=True))
        self.duo(newcomer, volunteer)

    def test_pairing_by_hand_writes_over_no_proposal_that_is_over(self):
        """Neither a declined one, nor the one that a duo came of, of whatever programme."""
        declined = self.command("accept-match", person_id=self.pair()[0], programme=self.programme)["proposal_id"]
        self.command("decline-match", proposal_id=declined, by="newcomer", reason="other")
        duo = self.duo(*self.pair())
        elsewhere, self.programme = self.programme, "p-" + uuid.uuid4().hex[:12]
        self.configure()
        newcomer, volunteer = self.newcomer(), self.volunteer(lat_e4=530000)
        for taken in (declined, duo["proposal_id"]):
            text = self.refused("conflict", "pair-manually", programme=self.programme, newcomer_id=newcomer,
                                volunteer_id=volunteer, proposal_id=taken, override=True)
            self.assertIn("proposal with this id", text)
        self.programme = elsewhere
        for state, proposal in (("declined", declined), ("started", duo["proposal_id"])):
            self.assertEqual([p["proposal_id"] for p in self.proposals(state)], [proposal])

    def test_capacity_above_one(self):
        volunteer = self.volunteer(capacity=2)
        newcomers = [self.newcomer(lat_e4=511000 + 10 * n) for n in range(3)]
        self.assertEqual(self.pairs(), {(newcomers[0], volunteer), (newcomers[1], volunteer)})
        self.refused("conflict", "accept-match", person_id=volunteer, programme=self.programme)
        self.duo(newcomers[0], volunteer)
        self.assertEqual(self.pairs(), {(newcomers[1], volunteer)})
        self.assertNotIn("waiting-ended", self.names(volunteer)[-1:])
        pair = {"programme": self.programme, "newcomer_id": newcomers[2], "volunteer_id": volunteer}
        self.command("accept-match", person_id=newcomers[1], programme=self.programme)
        self.assertIn("the volunteer has 1 in a duo, 1 in a proposal that was accepted or made by hand, 0 to help, and "
                      "takes 2", self.query("explain", **pair)["why"])
        self.meet(self.proposals("accepted")[0])
        self.assertEqual(self.pairs(), set())
        self.assertIn("the volunteer is in a duo, and waits for no other", self.query("explain", **pair)["why"])
        ended = [d for n, d in self.events(volunteer) if n == "waiting-ended" and d["person_id"] == volunteer]
        self.assertEqual([e["outcome"] for e in ended], ["duo"])

    def test_other_rules_hold_at_once(self):
        volunteer, newcomer = self.volunteer(), self.newcomer(lat_e4=511900)
        self.assertEqual(self.pairs(), {(newcomer, volunteer)})
        self.configure(rules={"max_distance_km": 5}, version=2)
        self.assertEqual(self.pairs(), set())
        self.assertEqual([d["reason"] for n, d in self.events() if n == "match-withdrawn"], ["reconfigured"])

    def test_rounds_wait_for_their_hour(self):
        self.configure(rules={"match_every_hours": 24}, version=2)
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.assertEqual(self.pairs(), set())
        self.assertEqual(self.query("current-matching", programme=self.programme)["pairs_total"], 1)
        self.configure(version=3)
        self.assertEqual(self.pairs(), {(newcomer, volunteer)})

if __name__ == "__main__":
    unittest.main()
