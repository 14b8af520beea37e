#!/usr/bin/python3
"""Who waits in matching: people who rest, move, merge and leave, and requests for the help of a buddy."""
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

    def merge(self, keep, drop):
        self.say("registry", "person-merged", keep, keep_id=keep, drop_id=drop, partnership="test")

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

    def waiting(self, side):
        people = self.query("waiting-list", programme=self.programme, side=side)["people"]
        return [(one["person_id"], one["places"]) for one in people]

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

    def test_nobody_on_both_sides_is_matched_with_themselves(self):
        both = self.volunteer()
        self.intake(both, "newcomer")
        self.assertEqual((self.waiting("newcomer"), self.waiting("volunteer"), self.pairs()), ([(both, 1)], [(both, 1)], set()))
        self.assertIn("same person", self.refused("conflict", "pair-manually", programme=self.programme, newcomer_id=both,
                                                  volunteer_id=both))
        other = self.volunteer(capacity=2)
        self.assertEqual(self.pairs(), {(both, other)})

    def test_the_two_of_a_duo_turn_out_to_be_one_person(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.duo(newcomer, volunteer)
        self.say("registry", "person-merged", volunteer, keep_id=volunteer, drop_id=newcomer, partnership="test")
        self.assertEqual(self.query("duos", programme=self.programme, state="active")["duos"], [])
        name, stopped = self.events(volunteer)[-1]
        self.assertEqual((name, stopped["newcomer_returns"], stopped["volunteer_returns"], stopped["same_person"]),
                         ("duo-stopped", False, False, True))
        self.assertEqual(self.query("waiting-list", programme=self.programme)["total"], 0)

    def test_accepted_with_oneself_is_withdrawn_by_the_merge(self):
        volunteer, newcomer = self.volunteer(), self.newcomer()
        self.command("accept-match", person_id=newcomer, programme=self.programme)
        self.say("registry", "person-merged", newcomer, keep_id=newcomer, drop_id=volunteer, partnership="test")
        self.assertEqual([d["reason"] for n, d in self.events() if n == "match-withdrawn"], ["merged"])
        self.assertEqual(self.proposals(), [])

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

    def tell(self, person_id, status):
        self.say("registry", "status-recorded", person_id, person_id=person_id, partnership="test", partner_type="vdab",
                 status=status)

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
