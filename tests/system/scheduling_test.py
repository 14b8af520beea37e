#!/usr/bin/python3
"""Scheduling on the real bus: talks from match to meeting with the real registry and matching; and with stand-ins for
them, series, places, attendance, reminders and calendars as time goes on."""
import datetime
import os
import pathlib
import secrets
import stat
import sys
import time
import unittest
import uuid
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ministack import BUILD, MiniStack, Refused, eventually  # noqa: E402

BRUSSELS = zoneinfo.ZoneInfo("Europe/Brussels")


def new_id():
    return str(uuid.uuid4())


def local(text):
    """A time of a message on the clock in Belgium."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(BRUSSELS)


def text(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Scene(unittest.TestCase):
    @classmethod
    def speaker(cls, name):
        """A program that is the stand-in under this name."""
        folder = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"speakers-{os.getpid()}"
        folder.mkdir(exist_ok=True)
        path = folder / f"speaker-{name}"
        path.write_text(f"#!/bin/sh\nSPEAKER={name} exec {BUILD}/bin/test-speaker\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        cls.addClassCleanup(lambda: (path.unlink(), None if any(folder.iterdir()) else folder.rmdir()))
        return path

    def command(self, name, /, service="scheduling", **data):
        return self.client.command(service, f"koppel.{service}.{name}.v1", data)

    def query(self, name, /, service="scheduling", **data):
        return self.client.query(service, f"koppel.{service}.{name}.v1", data)

    def refused(self, status, name, /, **data):
        with self.assertRaises(Refused) as refused:
            self.command(name, **data)
        self.assertEqual(refused.exception.status["status"], status, refused.exception.status)
        return refused.exception.status["text"]

    def events(self, *names):
        """(name, data) of what was said in this programme, in order."""
        said = [(h["type"].split(".")[2], d) for h, d in self.client.log("scheduling")
                if h.get("kind") != "command" and d.get("programme") == self.programme]
        return [(name, data) for name, data in said if not names or name in names]


class WithRegistryAndMatching(Scene):
    programme = "asse-duo"

    @classmethod
    def setUpClass(cls):
        programs = {name: BUILD / f"bin/koppel-{name}" for name in ("registry", "matching", "scheduling")}
        programs["gateway"] = cls.speaker("gateway")
        cls.stack = MiniStack(list(programs), programs, {"INSZ_KEY": secrets.token_hex(32)})
        cls.stack.__enter__()
        cls.addClassCleanup(cls.stack.__exit__)
        cls.client = cls.stack.client

    def person(self, side):
        person_id = self.command("register-person", service="registry", postcode="1730", preferred_language="nl",
                                 profile={"birth_year": 1980})["person_id"]
        if side == "volunteer":
            self.command("recruit-volunteer", service="registry", person_id=person_id, capacity=1)
        self.command("hold-intake", service="registry", person_id=person_id, programme=self.programme, side=side)
        return person_id

    def test_a_match_becomes_a_talk_and_the_talk_a_duo(self):
        self.command("form-partnership", service="registry", partnership="asse", name="Asse", since="2012-01-01",
                     lead_nis="23002", municipalities=[{"nis": "23002"}])
        self.command("configure-programme", service="registry", programme=self.programme, partnership="asse",
                     kind="language-duo", name="Samen Inburgeren")
        newcomer, volunteer = self.person("newcomer"), self.person("volunteer")
        proposal, = eventually(lambda: self.query("proposals", service="matching", programme=self.programme,
                                                  state="proposed")["proposals"], what="a proposal")
        self.command("accept-match", service="matching", proposal_id=proposal["proposal_id"])
        planned, = eventually(lambda: self.events("meeting-planned"), what="a talk")
        self.assertEqual((planned[1]["newcomer_id"], planned[1]["volunteer_id"]), (newcomer, volunteer))
        self.command("hold-meeting", programme=self.programme, volunteer_id=volunteer, outcome="start")
        duo, = eventually(lambda: self.query("duos", service="matching", programme=self.programme,
                                             state="active")["duos"], what="a duo")
        self.assertEqual((duo["newcomer_id"], duo["volunteer_id"]), (newcomer, volunteer))
        self.stack.settled()
        self.assertEqual([name for name, _ in self.events()], ["meeting-planned", "meeting-held"])


class Scheduling(Scene):
    @classmethod
    def setUpClass(cls):
        programs = {"scheduling": BUILD / "bin/koppel-scheduling", "registry": cls.speaker("registry"),
                    "matching": cls.speaker("matching")}
        cls.stack = MiniStack(["registry", "matching", "scheduling"], programs, {"CALENDAR_KEY": secrets.token_hex(32)})
        cls.stack.__enter__()
        cls.addClassCleanup(cls.stack.__exit__)
        cls.client = cls.stack.client
        cls.ahead = datetime.timedelta()

    def setUp(self):
        self.programme = "p-" + uuid.uuid4().hex[:12]
        self.say("registry", "programme-configured", self.programme, programme=self.programme, partnership="test",
                 kind="conversation-group", name="Test", version=1,
                 rules={"max_distance_km": 15, "min_shared_slots": 1, "same_language_required": False,
                        "silence_after_days": 42, "proposal_valid_days": 14, "match_every_hours": 0},
                 weights={"distance": 30, "age": 15, "family": 15, "interests": 20, "language": 10, "waiting": 10})

    def say(self, service, name, subject, /, **data):
        header = {"id": new_id(), "source": f"/{service}", "type": f"koppel.{service}.{name}.v1",
                  "specversion": "1.0", "subject": str(subject), "time": "2026-11-22T08:00:00Z"}
        self.client.command(service, "koppel.gateway.accept-events.v1", {"events": [{"header": header, "data": data}]})
        self.stack.settled()

    def person(self, partnership="test"):
        """Someone whom registry tells of."""
        person_id = new_id()
        self.say("registry", "person-registered", person_id, person_id=person_id, partnership=partnership,
                 place={"postcode": "2200", "nis": "13011", "lat_e4": 511770, "lon_e4": 48360}, profile={},
                 preferred_language="nl")
        return person_id

    @property
    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + self.ahead

    def later(self, **much):
        """Lets the clock of scheduling go on, and what comes due then happen."""
        type(self).ahead += datetime.timedelta(**much)
        self.client.admin("scheduling", "RELEASE", {"now": time.time_ns() // 1000 + int(self.ahead.total_seconds()) * 1_000_000})
        self.stack.settled()

    # ---- talks

    def pair(self):
        return {"proposal_id": new_id(), "partnership": "test", "programme": self.programme, "newcomer_id": self.person(),
                "volunteer_id": self.person(), "nis": "13011"}

    def accept(self, **more):
        pair = {**self.pair(), **more}
        self.say("matching", "match-accepted", pair["proposal_id"], **pair, score=500, days=1)
        return pair

    def test_a_talk_is_planned_moved_cancelled_and_planned_again(self):
        pair = self.accept()
        (_, planned), = self.events()
        at = local(planned["at"])
        self.assertEqual((at.hour, at.minute, at.weekday() < 5), (14, 0, True))
        self.assertIn((at.date() - self.now.astimezone(BRUSSELS).date()).days, (5, 6, 7))
        moved_to = text(self.now + datetime.timedelta(days=3))
        reply = self.command("move-meeting", proposal_id=pair["proposal_id"], at=moved_to, place_kind="library")
        self.assertEqual(reply, {"meeting_id": planned["meeting_id"], "at": moved_to})
        self.refused("invalid", "move-meeting", proposal_id=pair["proposal_id"], at="2020-01-01T10:00:00Z")
        self.refused("conflict", "plan-meeting", proposal_id=pair["proposal_id"], at=moved_to)
        self.command("cancel-meeting", programme=self.programme, newcomer_id=pair["newcomer_id"])
        self.refused("conflict", "hold-meeting", meeting_id=planned["meeting_id"], outcome="start")
        again = self.command("plan-meeting", proposal_id=pair["proposal_id"], at=moved_to)
        self.assertNotEqual(again["meeting_id"], planned["meeting_id"])
        self.assertEqual([name for name, _ in self.events()],
                         ["meeting-planned", "meeting-moved", "meeting-cancelled", "meeting-planned"])
        states = [m["state"] for m in self.query("meetings", programme=self.programme)["meetings"]]
        self.assertEqual(sorted(states), ["cancelled", "planned"])
        self.assertEqual(self.query("meetings", person_id=pair["volunteer_id"], state="planned")["meetings"][0]["meeting_id"],
                         again["meeting_id"])

    def test_a_talk_is_found_by_what_is_known_of_it(self):
        volunteer = new_id()
        first, second = self.accept(volunteer_id=volunteer), self.accept(volunteer_id=volunteer)
        for faulty in ({}, {"volunteer_id": volunteer}, {"programme": self.programme}):
            self.refused("invalid", "hold-meeting", outcome="start", **faulty)
        self.refused("not-found", "hold-meeting", proposal_id=new_id(), outcome="start")
        self.assertIn("several", self.refused("conflict", "hold-meeting", programme=self.programme,
                                              volunteer_id=volunteer, outcome="start"))
        self.refused("invalid", "hold-meeting", proposal_id=first["proposal_id"], outcome="start", reason="distance")
        held = self.command("hold-meeting", programme=self.programme, volunteer_id=volunteer,
                            newcomer_id=first["newcomer_id"], outcome="decline-newcomer")
        self.assertEqual(held["proposal_id"], first["proposal_id"])
        self.assertEqual(self.events("meeting-held")[0][1]["reason"], "other")
        held = self.command("hold-meeting", programme=self.programme, volunteer_id=volunteer, outcome="no-show")
        self.assertEqual(held["proposal_id"], second["proposal_id"])
        held = self.command("hold-meeting", programme=self.programme, volunteer_id=volunteer, outcome="start")
        self.assertEqual(held["proposal_id"], second["proposal_id"], "met without a plan")
        self.refused("conflict", "hold-meeting", proposal_id=second["proposal_id"], outcome="start")

    def test_a_talk_ends_with_its_proposal_or_its_people(self):
        withdrawn, erased = self.accept(), self.accept()
        self.say("matching", "match-withdrawn", withdrawn["proposal_id"], **withdrawn, reason="person-left")
        self.say("registry", "person-erased", erased["newcomer_id"], person_id=erased["newcomer_id"], partnership="test")
        self.assertEqual([d["reason"] for _, d in self.events("meeting-cancelled")], ["proposal-ended", "person-left"])
        self.later(days=10)
        self.assertEqual(self.events("reminder-due"), [])

    # ---- series

    def series(self, **more):
        starts = more.pop("starts", self.now.astimezone(BRUSSELS).strftime("%Y-%m-%dT23:59"))
        return self.command("create-series", **{"programme": self.programme, "partnership": "test", "title": "Praatpunt",
                            "rrule": "FREQ=WEEKLY", "starts": starts, "duration_minutes": 90, "capacity": 2,
                            "nis": "13011", "venue": "Bibliotheek", **more})["series_id"]

    def day(self, days):
        return (self.now.astimezone(BRUSSELS) + datetime.timedelta(days=days)).date().isoformat()

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
        self.refused("invalid", "create-series", programme=self.programme, starts="2026-02-30T10:00", **good)
        self.refused("invalid", "create-series", programme=self.programme, starts="2026-02-28T10:00",
                     timezone="Mars/Base", **good)
        self.refused("not-found", "create-series", programme="nowhere", starts="2026-02-28T10:00", **good)
        self.refused("conflict", "create-series", programme=self.programme, starts="2026-02-28T10:00",
                     **{**good, "partnership": "other"})
        self.assertEqual(self.events(), [])

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

    def test_what_is_called_off_tells_everyone(self):
        series = self.series()
        people = [self.person(), self.person()]
        for person in people:
            self.command("enrol", series_id=series, person_id=person)
        self.assertEqual(self.command("cancel-session", series_id=series, on_date=self.day(7), reason="holiday")["enrolled_n"], 2)
        self.refused("conflict", "hold-session", series_id=series, on_date=self.day(7), attended=[])
        reply = self.command("end-series", series_id=series, until=self.day(14))
        self.assertEqual(reply["cancelled_n"], 4)
        self.assertEqual(self.command("end-series", series_id=series, until=self.day(14))["cancelled_n"], 0)
        self.refused("conflict", "end-series", series_id=series, until=self.day(21))
        cancelled = [d for _, d in self.events("session-cancelled")]
        self.assertEqual([d["reason"] for d in cancelled], ["holiday"] + ["series-ended"] * 4)
        self.assertTrue(all(d["person_ids"] == people for d in cancelled))
        self.assertEqual(len(self.query("series", programme=self.programme)["series"]), 1)
        self.later(days=16)
        self.refused("conflict", "enrol", series_id=series, person_id=self.person())
        self.assertEqual(self.query("series", programme=self.programme)["series"], [])
        self.assertEqual(len(self.query("series", programme=self.programme, ended=True)["series"]), 1)

    def test_reminders_come_a_day_before(self):
        pair, person = self.accept(), self.person()
        in_three_days = (self.now.astimezone(BRUSSELS) + datetime.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
        series = self.series(starts=in_three_days)
        self.series(starts=in_three_days, title="Without anyone")
        self.command("enrol", series_id=series, person_id=person)
        at = text(self.now + datetime.timedelta(days=2))
        self.command("move-meeting", proposal_id=pair["proposal_id"], at=at)
        self.assertEqual(self.events("reminder-due"), [])
        self.later(days=1, hours=1)
        (_, meeting), = self.events("reminder-due")
        self.assertEqual((meeting["kind"], meeting["at"], set(meeting["person_ids"])),
                         ("meeting", at, {pair["newcomer_id"], pair["volunteer_id"]}))
        self.later(days=1)
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
