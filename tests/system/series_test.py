#!/usr/bin/python3
"""Series of sessions, their reminders and calendars, as time goes on."""
import datetime
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from agenda import BRUSSELS, Agenda, local, new_id, text  # noqa: E402
from client import Refused  # noqa: E402


class Series(Agenda):
    def test_sessions_are_scheduled_six_weeks_ahead_at_the_same_clock_time(self):
        series = self.series(starts=f"{self.day(1)}T19:30")
        for _ in range(60):
            self.later(days=7)
            if len(self.events("session-scheduled")) > 52:
                break
        times = [local(d["at"]) for _, d in self.events("session-scheduled")]
        self.assertGreater(len(times), 52)
        self.assertEqual({(t.hour, t.minute) for t in times}, {(19, 30)}, "summer or winter")
        self.assertEqual({t.utcoffset() for t in times}, {datetime.timedelta(hours=1), datetime.timedelta(hours=2)})
        self.assertEqual({(b.date() - a.date()).days for a, b in zip(times, times[1:])}, {7})
        ahead = (times[-1].date() - self.now.date()).days
        self.assertTrue(28 <= ahead <= 43, ahead)
        first = self.query("sessions", series_id=series, limit=2)
        rest = self.query("sessions", series_id=series, cursor=first["next"])
        everything = self.query("sessions", series_id=series)["sessions"]
        self.assertEqual(first["sessions"] + rest["sessions"], everything)
        self.assertEqual(everything, sorted(everything, key=lambda s: s["at"]))

    def test_rules_that_cannot_be_are_refused(self):
        for rule in ("FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=WEEKLY;FOO=1", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
                     "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;UNTIL=20000101"):
            self.refused("invalid", "create-series", programme=self.programme, partnership="test", title="x", rrule=rule,
                         starts="2026-09-01T10:00", duration_minutes=60, capacity=1, nis="13011")
        good = {"partnership": "test", "title": "x", "rrule": "FREQ=WEEKLY", "duration_minutes": 60, "capacity": 1,
                "nis": "13011"}
        series = self.series()
        for name, pointer, data in (
                ("create-series", "/starts", {"programme": self.programme, "starts": "2026-02-30T10:00", **good}),
                ("create-series", "/timezone", {"programme": self.programme, "starts": "2026-02-28T10:00",
                                                "timezone": "Mars/Base", **good}),
                ("create-series", "/rrule", {"programme": self.programme, "starts": "2026-02-28T10:00", **good,
                                             "rrule": "FREQ=SECONDLY"}),
                ("hold-meeting", "/reason", {"proposal_id": new_id(), "outcome": "start", "reason": "other"}),
                ("move-meeting", "/at", {"proposal_id": new_id(), "at": "2020-01-01T10:00:00Z"})):
            with self.assertRaises(Refused) as refused:
                self.command(name, **data)
            self.assertEqual([f["pointer"] for f in refused.exception.status["faults"]], [pointer], name)
        with self.assertRaises(Refused) as refused:
            self.command("create-series", programme=self.programme, starts="2026-02-30T10:00", timezone="Mars/Base",
                         **{**good, "rrule": "FREQ=DAILY;BYHOUR=1"})
        self.assertEqual([f["pointer"] for f in refused.exception.status["faults"]], ["/rrule", "/timezone", "/starts"])
        self.command("end-series", series_id=series, until=self.day(-1))
        self.refused("not-found", "create-series", programme="nowhere", starts="2026-02-28T10:00", **good)
        self.refused("conflict", "create-series", programme=self.programme, starts="2026-02-28T10:00",
                     **{**good, "partnership": "other"})
        self.assertEqual(len(self.query("series", programme=self.programme, ended=True)["series"]), 1)

    def test_a_series_takes_place_with_its_partnership(self):
        self.say("registry", "member-joined", "asse", partnership="asse", nis="23002", since="2012-01-01")
        good = {"programme": self.programme, "partnership": "test", "title": "x", "rrule": "FREQ=WEEKLY",
                "starts": "2026-02-28T10:00", "duration_minutes": 60, "capacity": 1}
        for nis, why in (("23002", "another partnership serves it"), ("44021", "none serves it")):
            with self.assertRaises(Refused) as refused:
                self.command("create-series", nis=nis, **good)
            (fault,) = refused.exception.status["faults"]
            self.assertEqual((refused.exception.status["status"], fault["pointer"]), ("invalid", "/nis"))
            self.assertIn(why, fault["text"])
        for within in ("partnership=asse", "nis=13010", "partnership=test nis=13010"):
            self.denied(within, "create-series", nis="13011", **good)
            self.denied(within, "create-series", nis="13011", **{**good, "programme": "nowhere"})
        self.assertEqual(self.events(), [])
        self.client.command("scheduling", "koppel.scheduling.create-series.v1", {**good, "nis": "13011"},
                            within="partnership=test nis=13010 nis=13011")

    def test_who_may_not_is_told_nothing(self):
        series, open_one, person, pair = self.series(), self.series(), self.person(), self.accept()
        held, proposal = {"series_id": series, "on_date": self.day(0)}, {"proposal_id": pair["proposal_id"]}
        self.command("enrol", series_id=series, person_id=person)
        self.command("cancel-session", **held, reason="holiday")
        self.command("end-series", series_id=series, until=self.day(14))
        self.later(days=16)
        self.command("hold-meeting", **proposal, outcome="start")
        before = len(self.events())
        for within in ("partnership=asse", "nis=23002"):
            for one in (held, {"series_id": open_one, "on_date": self.day(400)}, {"series_id": open_one, "on_date": self.day(-2)}):
                self.denied(within, "hold-session", **one, attended=[])
                self.denied(within, "cancel-session", **one, reason="holiday")
            self.denied(within, "end-series", series_id=series, until=self.day(30))
            self.denied(within, "enrol", series_id=series, person_id=person)
            self.denied(within, "unenrol", series_id=open_one, person_id=person)
            for name, more in (("plan-meeting", {"at": text(self.now + datetime.timedelta(days=1))}),
                               ("move-meeting", {"at": text(self.now + datetime.timedelta(days=1))}),
                               ("cancel-meeting", {}), ("hold-meeting", {"outcome": "no-show"})):
                self.denied(within, name, **proposal, **more)
        self.assertEqual(len(self.events()), before)

    def test_what_is_called_off_tells_everyone(self):
        series = self.series()
        people, waiting = [self.person(), self.person()], self.person()
        for person in (*people, waiting):
            self.command("enrol", series_id=series, person_id=person)
        self.assertEqual(self.command("cancel-session", series_id=series, on_date=self.day(7), reason="holiday")["enrolled_n"], 2)
        self.refused("conflict", "hold-session", series_id=series, on_date=self.day(7), attended=[])
        reply = self.command("end-series", series_id=series, until=self.day(14))
        self.assertEqual(reply["cancelled_n"], 4)
        self.assertEqual(self.command("end-series", series_id=series, until=self.day(14))["cancelled_n"], 0)
        self.refused("conflict", "end-series", series_id=series, until=self.day(21))
        (_, ended), = self.events("series-ended")
        self.assertEqual((ended["person_ids"], ended["waiting_ids"], ended["until"]), (people, [waiting], self.day(14)))
        self.assertEqual(local(ended["from"]).date().isoformat(), self.day(21))
        cancelled = [d for _, d in self.events("session-cancelled")]
        self.assertEqual([d["reason"] for d in cancelled], ["holiday"] + ["series-ended"] * 4)
        self.assertTrue(all(d["person_ids"] == people for d in cancelled))
        self.assertEqual(len(self.query("series", programme=self.programme)["series"]), 1)
        self.later(days=16)
        self.refused("conflict", "enrol", series_id=series, person_id=self.person())
        self.assertEqual(self.query("series", programme=self.programme)["series"], [])
        self.assertEqual(len(self.query("series", programme=self.programme, ended=True)["series"]), 1)

    def test_with_a_programme_its_series_end(self):
        series, person = self.series(), self.person()
        self.command("enrol", series_id=series, person_id=person)
        for until in (-7, -1):
            self.command("end-series", series_id=self.series(), until=self.day(until))
        self.say("registry", "programme-ended", self.programme, programme=self.programme, partnership="test",
                 on_date=self.day(-3), reason="the grant ended")
        _, _, (_, ended) = self.events("series-ended")
        self.assertEqual((ended["series_id"], ended["until"], ended["person_ids"]), (series, self.day(-3), [person]))
        self.assertEqual(self.query("sessions", series_id=series, state="scheduled")["sessions"], [])
        self.refused("conflict", "enrol", series_id=series, person_id=self.person())
        with self.assertRaisesRegex(Refused, "ended on " + self.day(-3)):
            self.series()

    def test_an_end_beyond_the_planned_sessions_is_told_with_the_first_that_falls(self):
        series, person = self.series(), self.person()
        self.command("enrol", series_id=series, person_id=person)
        self.assertEqual(self.command("end-series", series_id=series, until=self.day(69))["cancelled_n"], 0)
        (_, ended), = self.events("series-ended")
        self.assertEqual((local(ended["from"]).date().isoformat(), ended["person_ids"]), (self.day(70), [person]))
        self.command("end-series", series_id=series, until=self.day(-7))
        _, (_, ended) = self.events("series-ended")
        self.assertEqual(local(ended["from"]).date().isoformat(), self.day(0))
        short = self.series(rrule="FREQ=WEEKLY;COUNT=2")
        self.command("end-series", series_id=short, until=self.day(8))
        self.assertNotIn("from", self.events("series-ended")[-1][1])

    def test_reminders_come_a_day_before(self):
        pair, person = self.accept(), self.person()
        in_three_days = (self.now.astimezone(BRUSSELS) + datetime.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
        series = self.series(starts=in_three_days)
        self.series(starts=in_three_days, title="Without anyone")
        self.command("enrol", series_id=series, person_id=person)
        at = text(self.now + datetime.timedelta(days=2))
        self.command("move-meeting", proposal_id=pair["proposal_id"], at=at)
        self.later(hours=23, minutes=30)
        self.assertEqual(self.events("reminder-due"), [], "not more than a day before")
        self.later(hours=1)
        (_, meeting), = self.events("reminder-due")
        self.assertEqual((meeting["kind"], meeting["at"], set(meeting["person_ids"])),
                         ("meeting", at, {pair["newcomer_id"], pair["volunteer_id"]}))
        self.later(hours=23)
        self.assertEqual(len(self.events("reminder-due")), 1, "nor of a session")
        self.later(hours=1)
        _, (_, session) = self.events("reminder-due")
        self.assertEqual((session["kind"], session["series_id"], session["person_ids"]), ("session", series, [person]))

    # ---- calendars

    def test_a_calendar_shows_what_is_theirs_and_names_nobody(self):
        pair = self.accept()
        me = pair["newcomer_id"]
        series = self.series(title="Praatpunt; met koffie, en een heel lange naam die niet op één regel past")
        other = self.series(title="Niet van mij")
        self.command("enrol", series_id=series, person_id=me)
        link = {"person_id": me}
        once = str(uuid.uuid4())
        issued = self.client.command("scheduling", "koppel.scheduling.issue-calendar-link.v1", link, id=once)
        token = issued["token"]
        self.assertEqual(issued["path"], f"/v1/calendar/{token}.ics")
        again = self.client.command("scheduling", "koppel.scheduling.issue-calendar-link.v1", link, id=once)
        self.assertEqual(again, {}, "a secret is told once, and not kept")
        self.command("cancel-session", series_id=series, on_date=self.day(7), reason="venue")
        first = self.query("calendar", token=token)
        lines = first["ics"].replace("\r\n ", "").split("\r\n")
        self.assertTrue(all(len(line.encode()) <= 75 for line in first["ics"].split("\r\n")), "folded")
        self.assertEqual(lines.count("SUMMARY:Kennismakingsgesprek"), 1)
        self.assertEqual(sum(line.startswith("SUMMARY:Praatpunt\\; met koffie\\, en") for line in lines), 7)
        self.assertEqual(lines.count("STATUS:CANCELLED"), 1)
        self.assertEqual(lines.count("LOCATION:Bibliotheek"), 7)
        for hidden in ("Niet van mij", me, pair["volunteer_id"], token, other):
            self.assertNotIn(hidden, first["ics"])
        self.assertEqual(self.query("calendar", token=token), first, "the same until something changes")
        self.command("cancel-meeting", proposal_id=pair["proposal_id"])
        self.assertNotEqual(self.query("calendar", token=token)["etag"], first["etag"])
        uids = lambda ics: {line for line in ics.split("\r\n") if line.startswith("UID:")}  # noqa: E731
        self.assertEqual(uids(self.query("calendar", token=token)["ics"]), uids(first["ics"]), "the same events")
        fresh = self.command("issue-calendar-link", person_id=me)["token"]
        with self.assertRaises(Refused):
            self.query("calendar", token=token)
        self.assertNotIn(fresh, self.stack.psql("SELECT string_agg(encode(hash, 'escape'), ' ') FROM scheduling.calendar_link"))
        self.assertFalse([h for h, d in self.client.log("scheduling") if fresh in str(d)], "not in the log either")
        self.say("registry", "person-erased", me, person_id=me, partnership="test")
        with self.assertRaises(Refused):
            self.query("calendar", token=fresh)
        self.refused("conflict", "issue-calendar-link", person_id=me)

    def test_queries_want_to_know_whose(self):
        for name in ("sessions", "series", "meetings", "enrolments"):
            with self.assertRaises(Refused) as refused:
                self.query(name)
            self.assertEqual(refused.exception.status["status"], "invalid")
            with self.assertRaises(Refused) as refused:
                self.query(name, series_id=new_id(), cursor="nonsense") if name != "meetings" else \
                    self.query(name, programme="x1", cursor="nonsense")
            self.assertEqual(refused.exception.status["status"], "invalid")

    def test_names_that_do_not_exist_are_refused(self):
        for name in ("sessions", "series", "meetings"):
            for key, value in (("partnership", "mars"), ("programme", "nonexistent")):
                with self.assertRaises(Refused) as refused:
                    self.query(name, **{key: value})
                self.assertEqual(refused.exception.status["status"], "not-found")
                self.assertIn(f"there is no {key} {value}", refused.exception.status["text"])
            self.query(name, partnership="test", programme=self.programme)

    def test_pages_of_series_and_places_go_on_where_they_ended(self):
        ids = [self.series(title=t, capacity=2) for t in ("b", "a", "a")]
        pages, cursor = [], {}
        while True:
            page = self.query("series", programme=self.programme, limit=1, **cursor)
            pages += [s["series_id"] for s in page["series"]]
            if "next" not in page:
                break
            cursor = {"cursor": page["next"]}
        self.assertEqual(pages, sorted(ids[1:]) + [ids[0]])
        people = [self.person() for _ in range(4)]
        for person in people:
            self.command("enrol", series_id=ids[0], person_id=person)
        first = self.query("enrolments", series_id=ids[0], limit=3)
        rest = self.query("enrolments", series_id=ids[0], limit=3, cursor=first["next"])
        self.assertEqual([e["person_id"] for e in first["enrolments"] + rest["enrolments"]], people)
        self.assertEqual([e.get("place") for e in first["enrolments"] + rest["enrolments"]], [None, None, 1, 2])


if __name__ == "__main__":
    unittest.main()
