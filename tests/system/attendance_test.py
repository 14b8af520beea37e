#!/usr/bin/python3
"""Places in a series, and who came."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from agenda import Agenda, local, new_id  # noqa: E402


class Attendance(Agenda):
    def test_places_are_given_in_order_and_move_up(self):
        series = self.series()
        people = [self.person() for _ in range(5)]
        replies = [self.command("enrol", series_id=series, person_id=p) for p in people]
        self.assertEqual(replies, [{"state": "enrolled"}] * 2 + [{"state": "waiting", "place": n} for n in (1, 2, 3)])
        self.assertEqual(self.command("enrol", series_id=series, person_id=people[3]), replies[3], "again: nothing new")
        self.assertEqual(self.command("unenrol", series_id=series, person_id=people[2]), {})
        self.assertEqual(self.command("unenrol", series_id=series, person_id=people[0]), {"promoted_id": people[3]})
        self.refused("not-found", "unenrol", series_id=series, person_id=people[0])
        self.say("registry", "person-erased", people[1], person_id=people[1], partnership="test")
        self.refused("conflict", "enrol", series_id=series, person_id=people[1])
        listed = self.query("enrolments", series_id=series)["enrolments"]
        self.assertEqual([(e["person_id"], e["state"]) for e in listed], [(people[3], "enrolled"), (people[4], "enrolled")])
        moves = [(n, people.index(d["person_id"])) for n, d in self.events("unenrolled", "promoted")]
        self.assertEqual(moves, [("unenrolled", 2), ("unenrolled", 0), ("promoted", 3), ("unenrolled", 1), ("promoted", 4)])

    def test_merged_people_have_one_place(self):
        series, other = self.series(), self.series(title="Café")
        keep, drop, third = self.person(), self.person(), self.person()
        for person in (keep, drop, third):
            self.command("enrol", series_id=series, person_id=person)
        self.command("enrol", series_id=other, person_id=drop)
        pair = self.accept(newcomer_id=drop)
        self.say("registry", "person-merged", keep, keep_id=keep, drop_id=drop, partnership="test")
        self.assertEqual({e["person_id"] for e in self.query("enrolments", series_id=series, state="enrolled")["enrolments"]},
                         {keep, third})
        self.assertEqual({e["series_id"] for e in self.query("enrolments", person_id=drop)["enrolments"]}, {series, other})
        self.assertEqual(self.query("enrolments", series_id=series, partnership="elsewhere")["enrolments"], [])
        self.assertEqual(self.command("enrol", series_id=series, person_id=drop), {"state": "enrolled"})
        self.assertEqual(self.command("hold-meeting", programme=self.programme, newcomer_id=drop, outcome="start")["newcomer_id"],
                         keep)
        self.assertEqual(self.query("meetings", person_id=keep)["meetings"][0]["proposal_id"], pair["proposal_id"])

    def test_merged_people_wait_since_the_first_of_the_two(self):
        for keep_first in (True, False):
            series = self.series(capacity=1)
            seated, first, between, second = (self.person() for _ in range(4))
            for person in (seated, first, between, second):
                self.command("enrol", series_id=series, person_id=person)
            keep, drop = (first, second) if keep_first else (second, first)
            self.say("registry", "person-merged", keep, keep_id=keep, drop_id=drop, partnership="test")
            self.assertEqual(self.command("unenrol", series_id=series, person_id=seated), {"promoted_id": keep})
            self.assertEqual(self.command("enrol", series_id=series, person_id=between), {"state": "waiting", "place": 1})

    def test_merged_people_missed_what_the_first_of_the_two_had_a_place_in(self):
        series, first = self.series(), self.person()
        self.command("enrol", series_id=series, person_id=first)
        self.later(days=1)
        keep = self.person()
        self.command("enrol", series_id=series, person_id=keep)
        self.say("registry", "person-merged", keep, keep_id=keep, drop_id=first, partnership="test")
        self.command("hold-session", series_id=series, on_date=self.day(-1), attended=[])
        self.assertEqual([d["person_id"] for _, d in self.events("missed")], [keep])

    def test_who_moves_to_another_partnership_waits_for_no_place(self):
        series = self.series(capacity=1)
        seated, mover, stays = (self.person() for _ in range(3))
        for person in (seated, mover, stays):
            self.command("enrol", series_id=series, person_id=person)
        asse = {"postcode": "1730", "nis": "23002", "lat_e4": 509090, "lon_e4": 41980}
        olen = {"postcode": "2250", "nis": "13029", "lat_e4": 511430, "lon_e4": 48590}
        for who, place, more in ((mover, asse, {"partnership": "asse", "from_partnership": "test"}), (stays, olen, {"partnership": "test"})):
            self.say("registry", "person-moved", who, person_id=who, place=place, from_nis="13011", **more)
        ended, = self.events("unenrolled")
        self.assertEqual({k: ended[1].get(k) for k in ("person_id", "state", "reason")},
                         {"person_id": mover, "state": "waiting", "reason": "moved"})
        self.assertEqual(self.command("unenrol", series_id=series, person_id=seated), {"promoted_id": stays})

    def test_merged_people_were_there_once(self):
        series = self.series(capacity=5)
        keep, drop, third = self.person(), self.person(), self.person()
        for person in (keep, drop, third):
            self.command("enrol", series_id=series, person_id=person)
        came = []
        for attended in ([keep, drop, third], [drop], []):
            self.later(days=1 if not came else 7)
            came.append(self.command("hold-session", series_id=series, on_date=self.day(-1), attended=attended)["session_id"])
        self.say("registry", "person-merged", keep, keep_id=keep, drop_id=drop, partnership="test")
        merged, = [d for _, d in self.events("attendance-merged")]
        self.assertEqual((merged["session_id"], merged["person_id"], merged["drop_id"], merged["hours"]), (came[0], keep, drop, 1.5))
        held = {s["session_id"]: s["attended_n"] for s in
                self.query("sessions", series_id=series, state="held", **{"from": self.day(-30)})["sessions"]}
        self.assertEqual([held[one] for one in came], [2, 1, 0])
        counts = {e["person_id"]: (e["attended_n"], e["missed_n"]) for e in self.query("enrolments", series_id=series)["enrolments"]}
        self.assertEqual(counts, {keep: (2, 1), third: (1, 2)})

    def test_attendance_counts_places_walk_ins_and_guests(self):
        series = self.series()
        here, absent, walk_in = self.person(), self.person(), self.person()
        for person in (here, absent):
            self.command("enrol", series_id=series, person_id=person)
        today = self.day(0)
        self.assertIn(f"begins on {today} at 23:59", self.refused("conflict", "hold-session", series_id=series,
                                                                  on_date=today, attended=[here]))
        self.assertEqual(self.events("session-held", "attended", "missed"), [])
        self.later(days=1)
        tomorrow = self.day(0)
        self.assertIn("no session", self.refused("conflict", "hold-session", series_id=series, on_date=tomorrow, attended=[]))
        reply = self.command("hold-session", series_id=series, on_date=today, attended=[here, walk_in], guests=3)
        self.assertEqual((reply["attended_n"], reply["missed_n"]), (2, 1))
        self.refused("conflict", "hold-session", session_id=reply["session_id"], attended=[])
        said = self.events("session-held", "attended", "missed")
        self.assertEqual([(n, d.get("person_id"), d.get("enrolled")) for n, d in said],
                         [("session-held", None, None), ("attended", here, True), ("attended", walk_in, False),
                          ("missed", absent, None)])
        self.assertEqual((said[0][1]["guests"], said[0][1]["hours"]), (3, 1.5))
        self.assertEqual([data.get("home_nis") for _, data in said], [None, "13011", "13011", None])
        held, = self.query("sessions", series_id=series, state="held", **{"from": today})["sessions"]
        self.assertEqual((held["attended_n"], held["guests"], held["hours"]), (2, 3, 1.5))
        counts = {e["person_id"]: (e["attended_n"], e["missed_n"]) for e in self.query("enrolments", series_id=series)["enrolments"]}
        self.assertEqual(counts, {here: (1, 0), absent: (0, 1)})
        far = {"series_id": series, "on_date": self.day(69), "reason": "holiday"}
        self.command("cancel-session", **far)
        self.assertIn(far["on_date"], [local(d["at"]).date().isoformat() for _, d in self.events("session-scheduled")],
                      "a date of the rule that was not scheduled yet")
        self.later(days=7)
        before = self.command("hold-session", series_id=series, on_date=self.day(-1), attended=[here])
        self.command("unenrol", series_id=series, person_id=absent)
        self.later(days=7)
        after = self.command("hold-session", series_id=series, on_date=self.day(-1), attended=[here])
        self.assertEqual((before["missed_n"], after["missed_n"]), (1, 0), "who left is not missed")
        self.later(days=35)
        dates = [local(d["at"]).date() for _, d in self.events("session-scheduled")]
        self.assertEqual(len(dates), len(set(dates)), "no date twice")

    def test_who_was_there_is_corrected_afterwards(self):
        """Also more than once, by an entry that became another, and beside who was erased since."""
        series = self.series(capacity=5)
        here, absent, walk_in, erased = (self.person() for _ in range(4))
        for person in (here, absent, erased):
            self.command("enrol", series_id=series, person_id=person)
        self.later(days=1)
        on_date = self.day(-1)
        self.refused("not-found", "correct-attendance", session_id=new_id(), attended=[here])
        later, = [s["session_id"] for s in self.query("sessions", series_id=series, state="scheduled", **{"from": self.day(1)})["sessions"]][:1]
        self.assertIn("record it", self.refused("conflict", "correct-attendance", session_id=later, attended=[here]))
        session = self.command("hold-session", series_id=series, on_date=on_date, attended=[absent, erased, walk_in])["session_id"]
        of = {"session_id": session}
        self.say("registry", "person-erased", erased, person_id=erased, partnership="test")
        told = len(self.events("attended", "missed", "attendance-withdrawn"))
        self.assertIn("take one of the two", self.refused("invalid", "correct-attendance", attended=[here], absent=[here], **of))
        self.assertIn("served by asse", self.refused("conflict", "correct-attendance", attended=[self.person("asse")], **of))
        self.refused("conflict", "correct-attendance", absent=[erased], **of)
        right = {"attended": [here], "absent": [absent, walk_in], **of}
        self.assertEqual(self.command("correct-attendance", **right), {**of, "came_n": 1, "withdrawn_n": 2})
        self.assertEqual(self.command("correct-attendance", **right), {**of, "came_n": 0, "withdrawn_n": 0}, "again: nothing new")
        said = self.events("attended", "missed", "attendance-withdrawn")[told:]
        self.assertEqual([(n, d["person_id"]) for n, d in said],
                         [("attended", here), ("attendance-withdrawn", absent), ("missed", absent), ("attendance-withdrawn", walk_in)])
        self.assertEqual((said[0][1]["enrolled"], said[0][1]["hours"], said[1][1]["hours"]), (True, 1.5, 1.5))

        def stands():
            held, = self.query("sessions", series_id=series, state="held", **{"from": on_date})["sessions"]
            people, cursor = {}, {}
            while True:
                page = self.query("attendances", limit=1, **of, **cursor)
                people.update((one["person_id"], (one["present"], one["enrolled"])) for one in page["attendances"])
                if "next" not in page:
                    return held["attended_n"], people
                cursor = {"cursor": page["next"]}
        self.assertEqual(stands(), (2, {here: (True, True), absent: (False, True)}), "who was erased stays counted")
        self.assertEqual(self.query("attendances", partnership="elsewhere", **of)["attendances"], [])
        self.say("registry", "person-merged", absent, keep_id=absent, drop_id=walk_in, partnership="test")
        self.command("correct-attendance", attended=[walk_in, absent], absent=[], **of)
        self.assertEqual(stands(), (3, {here: (True, True), absent: (True, True)}))
        counts = {e["person_id"]: (e["attended_n"], e["missed_n"]) for e in self.query("enrolments", series_id=series)["enrolments"]}
        self.assertEqual(counts, {here: (1, 0), absent: (1, 0)})

    def test_nobody_missed_what_was_before_they_enrolled(self):
        series, first = self.series(), self.person()
        self.command("enrol", series_id=series, person_id=first)
        self.later(days=1)
        second = self.person()
        self.command("enrol", series_id=series, person_id=second)
        reply = self.command("hold-session", series_id=series, on_date=self.day(-1), attended=[])
        self.assertEqual(reply["missed_n"], 1)
        self.assertEqual([d["person_id"] for _, d in self.events("missed")], [first])

    def test_only_who_is_known_takes_part_and_with_their_own_partnership(self):
        series, nobody, elsewhere = self.series(), new_id(), self.person("asse")
        for name, more in (("enrol", {"series_id": series}), ("unenrol", {"series_id": series}), ("issue-calendar-link", {})):
            self.assertIn(f"there is no person {nobody}", self.refused("not-found", name, person_id=nobody, **more))
        self.assertIn("served by asse", self.refused("conflict", "enrol", series_id=series, person_id=elsewhere))
        mover = self.person()
        self.command("enrol", series_id=series, person_id=mover)
        self.say("registry", "person-moved", mover, person_id=mover, partnership="asse", from_partnership="test",
                 place={"postcode": "1730", "nis": "23002", "lat_e4": 509090, "lon_e4": 41980}, from_nis="13011")
        self.later(days=1)
        held = {"series_id": series, "on_date": self.day(-1)}
        self.assertIn(f"there is no person {nobody}", self.refused("not-found", "hold-session", attended=[mover, nobody], **held))
        self.assertIn("among the guests", self.refused("conflict", "hold-session", attended=[mover, elsewhere], **held))
        self.assertEqual(self.events("attended", "missed"), [])
        self.assertEqual(self.command("hold-session", attended=[mover], **held)["attended_n"], 1, "who moved keeps their place")


if __name__ == "__main__":
    unittest.main()
