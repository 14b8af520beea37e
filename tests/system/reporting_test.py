#!/usr/bin/python3
"""Reporting on the real bus: the duo loop as the real services tell it, counted and opened to its events; and, with
stand-ins for them, what counts, how often, when, and what is corrected."""
import collections
import datetime
import pathlib
import secrets
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ministack import BUILD, ROOT, STAND_IN, MiniStack, eventually  # noqa: E402
from told_year import HERENTALS, LILLE, OLEN, Scene, WithStandIns, new_id  # noqa: E402


class TheDuoLoop(Scene):
    """With the real registry, matching and scheduling."""
    partnership = "asse"

    @classmethod
    def setUpClass(cls):
        programs = {name: BUILD / f"bin/koppel-{name}" for name in ("registry", "matching", "scheduling", "reporting")}
        programs["gateway"] = STAND_IN
        cls.stack = MiniStack(list(programs), programs, {"INSZ_KEY": secrets.token_hex(32)})
        cls.stack.__enter__()
        cls.addClassCleanup(cls.stack.__exit__)
        cls.client = cls.stack.client

    def person(self, side):
        person_id = self.command("register-person", service="registry", postcode="1730", preferred_language="nl",
                                 profile={"birth_year": 1980})["person_id"]
        capacity = {}
        if side == "volunteer":
            capacity = {"capacity": 1}
            self.command("recruit-volunteer", service="registry", person_id=person_id, capacity=1)
        self.command("hold-intake", service="registry", person_id=person_id, programme="asse-duo", side=side, **capacity)
        return person_id

    def test_a_duo_is_counted_stopped_and_counted_again(self):
        self.command("form-partnership", service="registry", partnership="asse", name="Asse", since="2012-01-01",
                     lead_nis="23002", municipalities=[{"nis": "23002"}])
        self.command("configure-programme", service="registry", programme="asse-duo", partnership="asse",
                     kind="language-duo", name="Samen Inburgeren", action=5)
        newcomer, _ = self.person("newcomer"), self.person("volunteer")
        self.stack.settled()
        started = self.report()
        self.assertEqual(started[("waiting-newcomers", None, "23002")], 1)
        self.assertEqual(started[("waiting-volunteers", None, None)], 1)
        self.assertEqual(started[("intakes", None, None)], 2)
        self.assertEqual(started[("volunteers-recruited", None, None)], 1)

        self.command("accept-match", service="matching", person_id=newcomer, programme="asse-duo")
        self.stack.settled()
        self.command("hold-meeting", service="scheduling", newcomer_id=newcomer, programme="asse-duo", outcome="start")
        self.stack.settled()
        self.command("log-contact", service="matching", newcomer_id=newcomer, programme="asse-duo", kind="meeting",
                     hours=1.5)
        self.stack.settled()
        formed = self.report()
        self.assertEqual(formed[("duos-formed", None, "23002")], 1)
        self.assertEqual(formed[("duos-active", None, None)], 1)
        self.assertEqual(formed[("hours", None, None)], 1.5)
        self.assertNotIn(("waiting-newcomers", None, None), formed)

        self.command("stop-duo", service="matching", newcomer_id=newcomer, programme="asse-duo", reason="schedule")
        self.stack.settled()
        stopped = self.report()
        self.assertEqual(stopped[("duos-stopped", "schedule", "23002")], 1)
        self.assertEqual(stopped[("duos-stopped", None, None)], 1)
        self.assertNotIn(("duos-active", None, None), stopped)
        self.assertEqual(stopped[("waiting-newcomers", None, None)], 1)

        said = {h["id"]: (h, d) for h, d in self.client.log("matching")}
        year = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=1))).year
        for figure in ("duos-formed", "duos-active", "duos-stopped", "waiting-newcomers", "hours"):
            for line in self.trace(figure, project_year=year):
                header, data = said[line["event_id"]]
                self.assertEqual((line["stream"], line["seq"], line["event_type"], line["about"]),
                                 ("matching", header["seq"], header["type"], header["subject"]))
                self.assertEqual(data["partnership"], "asse")
                self.assertEqual(line["action"], 5)
        durations = self.query("durations", partnership="asse")
        self.assertEqual([(row["n"], row["median_days"]) for row in durations["duos"]], [(1, 0)] * 3)
        self.assertIn(("newcomer", False, 1), [(w["side"], w["waiting_now"], w["n"]) for w in durations["waits"]])
        for of, count, names in (("duos", 1, ("duo-started", "duo-stopped")), ("waits-ended", 2, ("waiting-started", "waiting-ended")),
                                 ("waiting-now", 2, ("waiting-started",))):
            spans = self.query("trace-durations", partnership="asse", of=of)["spans"]
            self.assertEqual(len(spans), count)
            for span in spans:
                ends = [span[end] for end in ("began", "ended") if end in span]
                self.assertEqual([said[end["event_id"]][0]["type"] for end in ends],
                                 [f"koppel.matching.{name}.v1" for name in names])
                for end in ends:
                    header, data = said[end["event_id"]]
                    self.assertEqual((end["stream"], end["seq"]), ("matching", header["seq"]))
                    self.assertEqual(data["duo_id" if of == "duos" else "waiting_id"], span["id"])
        self.count_off_where_it_was_counted_on(newcomer, year)

    def count_off_where_it_was_counted_on(self, newcomer, year):
        """A programme that counts for another action from now on leaves nothing behind under the first."""
        self.command("configure-programme", service="registry", programme="asse-duo", partnership="asse",
                     kind="language-duo", name="Samen Inburgeren", action=13)
        self.stack.settled()
        self.stack.kill("reporting")
        self.stack.start("reporting")
        self.command("leave-waiting", service="matching", person_id=newcomer, programme="asse-duo", reason="other")
        self.stack.settled()
        rows = self.query("report", partnership="asse", project_year=year, limit=200)["rows"]
        self.assertEqual([row for row in rows if row["figure"] == "waiting-newcomers" and row["amount"] != 0], [])


class Counted(WithStandIns):
    def test_a_person_counts_once_in_a_year_for_an_action_and_an_attendance_every_time(self):
        self.send()
        other = self.partnership + "-q"
        self.configure(other)
        self.send()
        one, two = self.person(HERENTALS), self.person(OLEN)
        self.send()
        for at in ("2024-03-05T18:30:00Z", "2024-03-07T18:30:00Z", "2024-12-31T22:30:00Z"):
            self.attend(one, at)
        self.attend(one, programme=other)
        self.attend(two)
        event_id = self.attend(one, "2024-12-31T23:30:00Z")
        self.attend(new_id(), nis=LILLE)
        self.send()
        cells = collections.Counter()
        for row in self.query("report", partnership=self.partnership, project_year=2024, limit=200)["rows"]:
            if "nis" in row:
                cells[row["figure"], row["nis"]] += row["amount"]
        self.assertEqual(cells["practice-persons", HERENTALS], 1)
        self.assertEqual(cells["practice-attendances", HERENTALS], 4)
        self.assertEqual(cells["hours", HERENTALS], 8)
        self.assertEqual(cells["practice-persons", OLEN], 1)
        self.assertEqual(cells["practice-persons", LILLE], 1)
        self.assertEqual(self.report(project_year=2025)[("practice-persons", None, HERENTALS)], 1)
        line, = self.trace("practice-persons", project_year=2025)
        self.assertEqual((line["event_id"], line["on_date"], line["about"]), (event_id, "2025-01-01", one))

    def test_guests_count_as_guests_and_with_their_hours(self):
        """Each of them was there for the whole session, and lives nobody knows where."""
        session_id = new_id()
        self.say("scheduling", "session-held", session_id, "2024-03-05T20:30:00Z", session_id=session_id, series_id=new_id(),
                 programme=self.programme, nis=OLEN, at="2024-03-05T18:30:00Z", hours=1.5, attended_n=1, missed_n=0, guests=3)
        self.attend(self.person(HERENTALS), hours=1.5)
        self.send()
        report = self.report(project_year=2024)
        self.assertEqual(report[("practice-guests", None, OLEN)], 3)
        self.assertEqual(report[("hours", None, OLEN)], 4.5)
        self.assertEqual(report[("hours", None, None)], 6)
        self.assertEqual(report[("practice-persons", None, None)], 1)

    def test_a_person_counts_once_after_the_service_was_killed(self):
        one = self.person()
        self.attend(one)
        self.send()
        self.stack.kill("reporting")
        self.stack.start("reporting")
        self.stack.wait_ready("reporting")
        self.attend(one, "2024-04-05T18:30:00Z")
        self.send()
        self.assertEqual(self.report(project_year=2024)[("practice-persons", None, None)], 1)
        self.assertEqual(self.report(project_year=2024)[("practice-attendances", None, None)], 2)

    def test_someone_registered_twice_is_counted_once_after_the_merge(self):
        keep, drop = self.person(), self.person(OLEN)
        self.attend(keep)
        self.attend(drop)
        self.attend(drop, "2025-02-01T12:00:00Z")
        self.send()
        self.say("registry", "person-merged", keep, "2025-02-02T12:00:00Z", keep_id=keep, drop_id=drop)
        self.send()
        self.attend(drop, "2025-02-03T12:00:00Z")
        self.attend(keep, "2025-02-04T12:00:00Z")
        self.send()
        cells = self.report(project_year=2024)
        self.assertEqual(cells[("practice-persons", None, None)], 1)
        self.assertEqual(cells[("practice-attendances", None, None)], 2)
        self.assertEqual(self.report(project_year=2025)[("practice-persons", None, None)], 1)
        lines = self.trace("practice-persons", project_year=2024)
        self.assertEqual([(line["kind"], line["amount"]) for line in lines],
                         [("counted", 1), ("counted", 1), ("corrected", -1)])
        self.assertEqual(lines[2]["correction"], "double-counted")
        corrected, = [h for h, _ in self.client.log("reporting") if h["id"] == lines[2]["event_id"]]
        self.assertEqual((corrected["type"], corrected["seq"]),
                         ("koppel.reporting.result-corrected.v1", lines[2]["seq"]))

    def persons(self, year=2024):
        """{(programme without its partnership, action): practice persons}."""
        rows = self.query("report", partnership=self.partnership, project_year=year, limit=200)["rows"]
        return {(row.get("programme", "")[len(self.partnership) + 1:], row.get("action")): row["amount"] for row in rows
                if row["figure"] == "practice-persons" and "nis" not in row and row["amount"] != 0}

    def test_a_programme_that_gets_another_action_does_not_count_its_people_twice(self):
        one, other = self.person(), self.partnership + "-q"
        for action, programme in ((5, None), (13, None), (13, other)):
            self.configure(programme, action=action)
            self.send()
            self.attend(one, programme=programme)
            self.send()
        self.assertEqual(self.persons(), {("p", 5): 1, ("q", 13): 1})
        self.stack.kill("reporting")
        self.stack.start("reporting")
        self.stack.wait_ready("reporting")
        for _ in range(2):
            self.attend(one)
            self.attend(self.person())
        self.attend(one, "2025-03-05T18:30:00Z")
        self.send()
        self.assertEqual(self.persons(), {("p", 5): 1, ("p", 13): 2, ("q", 13): 1})
        self.assertEqual(self.persons(2025), {("p", 13): 1})

    def test_who_was_counted_for_no_action_counts_for_the_first_that_the_programme_gets(self):
        one, late = self.person(), self.person()
        self.configure(action=None)
        self.send()
        self.attend(one)
        self.attend(late)
        self.send()
        self.assertEqual(self.persons(), {("p", None): 2})
        self.configure(action=5)
        self.send()
        for _ in range(2):
            self.attend(one)
            self.send()
        self.assertEqual(self.persons(), {("p", None): 1, ("p", 5): 1})

    def corrections(self):
        """(event id, figure, amount) of what was corrected, as said and as it stands in the lines."""
        said = [(h["id"], d["figure"], d["amount"]) for h, d in self.client.log("reporting")
                if h["type"].endswith("result-corrected.v1") and d["partnership"] == self.partnership]
        kept = self.stack.psql("SELECT count(*), count(DISTINCT event_id) FROM reporting.result "
                               f"WHERE kind = 'corrected' AND partnership = '{self.partnership}'")
        self.assertEqual([len(said), len({one[0] for one in said})], [int(n) for n in kept.split("|")])
        return said

    def test_who_attended_a_session_twice_was_there_once(self):
        keep, drop, before, session = self.person(), self.person(OLEN), self.person(OLEN), new_id()
        for one in (keep, before):
            self.attend(one, session_id=session)
        self.attend(keep, hours=1)
        self.attend(drop, hours=2)
        self.send()
        told = {"programme": self.programme, "nis": HERENTALS, "at": "2024-03-05T18:30:00Z", "hours": 2}
        self.say("registry", "person-merged", drop, "2024-04-01T12:00:00Z", keep_id=drop, drop_id=before)
        self.send()
        self.say("registry", "person-merged", keep, "2024-04-02T12:00:00Z", keep_id=keep, drop_id=drop)
        self.send()
        self.say("scheduling", "attendance-merged", keep, "2024-04-02T12:00:01Z", session_id=session, person_id=keep,
                 drop_id=drop, **told)
        self.send()
        cells = self.report(project_year=2024)
        self.assertEqual([cells[(figure, None, None)] for figure in ("practice-attendances", "practice-persons", "hours")],
                         [3, 1, 5])
        self.assertEqual(cells[("practice-attendances", None, HERENTALS)], 2, "the entry that is kept is counted")
        self.assertEqual(sorted(figure for _, figure, _ in self.corrections()),
                         ["hours", "practice-attendances", "practice-persons", "practice-persons"])
        self.assertEqual({amount for _, _, amount in self.corrections()}, {0})

    def test_a_duo_of_two_entries_of_one_person_never_was(self):
        real, (duo_id, started) = self.duo("2024-02-01T10:00:00Z"), self.duo("2024-02-02T10:00:00Z")
        for hours in (1, 2):
            self.say("matching", "duo-contact-logged", duo_id, "2024-03-01T10:00:00Z", duo_id=duo_id, contact_id=new_id(),
                     programme=self.programme, newcomer_id=new_id(), volunteer_id=new_id(), nis=HERENTALS, kind="meeting",
                     hours=hours, on_date="2024-03-01", hours_total=hours)
        self.send()
        self.stop((duo_id, started), "2024-06-01T10:00:00Z", "other", same_person=True)
        self.stop(real, "2024-06-01T10:00:00Z")
        self.send()
        cells = self.report(**{"from": "2024-01-01", "to": "2024-03-31"})
        self.assertEqual((cells[("duos-formed", None, None)], cells[("duos-active", None, None)]), (1, 1))
        cells = self.report(project_year=2024)
        self.assertEqual({key[:2]: n for key, n in cells.items() if n != 0 and key[2] is None},
                         {("duos-formed", None): 1, ("duos-stopped", None): 1, ("duos-stopped", "moved"): 1})
        self.assertEqual(len(self.spans("duos", project_year=2024)), 1)
        self.assertEqual(sorted(figure for _, figure, _ in self.corrections()), ["duos-formed", "hours", "hours"])

    def test_what_stands_is_read_at_the_end_of_the_period(self):
        first, second = self.duo("2023-05-01T10:00:00Z"), self.duo("2024-02-01T10:00:00Z", OLEN)
        self.stop(first, "2024-06-01T10:00:00Z", nis=OLEN)
        self.send()
        self.assertEqual(self.report(project_year=2023)[("duos-active", None, None)], 1)
        cells = self.report(project_year=2024)
        self.assertEqual((cells[("duos-active", None, None)], cells[("duos-active", None, OLEN)]), (1, 1))
        self.assertEqual(cells[("duos-stopped", "moved", HERENTALS)], 1)
        self.assertEqual(cells[("duos-formed", None, None)], 1)
        self.assertEqual(self.report(**{"from": "2024-02-01", "to": "2024-03-01"})[("duos-active", None, None)], 2)
        self.assertEqual(second[1], self.trace("duos-formed", project_year=2024)[0]["at"])
        row, *_ = self.query("durations", partnership=self.partnership)["duos"]
        self.assertEqual((row["n"], row["mean_days"], row["median_days"]), (1, 397, 397))

    def test_what_is_told_later_counts_on_its_day(self):
        stopped = self.duo("2023-12-20T12:00:00Z", told="2024-01-08T10:00:00Z")
        informal = self.duo("2023-06-01T12:00:00Z")
        self.stop(stopped, "2025-01-06T10:00:00Z", ended="2024-12-30T12:00:00Z")
        self.become_informal(informal, "2025-01-06T10:00:00Z", ended="2024-12-30T12:00:00Z")
        self.send()
        cells = [self.report(project_year=year) for year in (2023, 2024, 2025)]
        for figure, amounts in (("duos-formed", (2, 0, 0)), ("duos-active", (2, 0, 0)), ("duos-stopped", (0, 1, 0)),
                                ("duos-informal", (0, 1, 0))):
            self.assertEqual(tuple(one.get((figure, None, None), 0) for one in cells), amounts, figure)
        days = sorted(span["days"] for span in self.spans("duos", project_year=2024))
        self.assertEqual(days, [376, 578])

    def test_what_stands_adds_up_over_years_as_trace_shows_it(self):
        starts = [f"{year}-{month:02}-01T10:00:00Z" for year in (2021, 2022, 2024) for month in (1, 6)]
        duos = [self.duo(started, nis) for started in starts for nis in (HERENTALS, OLEN)]
        self.stop(duos[0], "2022-03-01T10:00:00Z")
        self.send()
        self.stop(duos[3], "2024-03-01T10:00:00Z", nis=OLEN)
        self.stop(duos[4], "2024-03-01T10:00:00Z")
        self.send()
        counted_off = self.trace("duos-active", **{"from": "2022-01-01", "to": "2022-12-31"})[-1]
        self.assertEqual(counted_off["amount"], -1)
        self.assertIn("stop-duo", self.refused("conflict", self.command, "correct-result", amount=0, reason="not-eligible",
                                               result_id=counted_off["result_id"]))
        stands = []
        for to in ("2020-12-31", "2021-12-31", "2022-02-01", "2022-12-31", "2023-12-31", "2024-02-01", "2024-12-31"):
            period = {"from": "2020-01-01", "to": to}
            cells = self.report(**period)
            for nis in (None, HERENTALS, OLEN):
                at = {"nis": nis} if nis else {}
                self.assertEqual(cells.get(("duos-active", None, nis), 0),
                                 sum(line["amount"] for line in self.trace("duos-active", **at, **period)), (to, nis))
            stands.append(cells.get(("duos-active", None, None), 0))
        self.assertEqual(stands, [0, 4, 6, 7, 7, 9, 9])

    def test_waiting_times_on_both_sides(self):
        for n, (days, side) in enumerate([(10, "newcomer"), (20, "newcomer"), (60, "newcomer"), (5, "volunteer")]):
            wait = {"waiting_id": new_id(), "person_id": new_id(), "programme": self.programme, "side": side,
                    "nis": HERENTALS, "since": "2024-01-01T12:00:00Z"}
            until = (datetime.datetime(2024, 1, 1, 12) + datetime.timedelta(days)).strftime("%Y-%m-%dT%H:%M:%SZ")
            self.say("matching", "waiting-started", wait["person_id"], wait["since"], **wait)
            if n != 2:
                self.say("matching", "waiting-ended", wait["person_id"], until, **wait, until=until, days=days,
                         outcome="duo")
        self.send()
        waits = self.query("durations", partnership=self.partnership, **{"from": "2024-01-01", "to": "2024-01-30"})["waits"]
        self.assertEqual([(w["side"], w["waiting_now"], w["n"], w["median_days"], w["p90_days"]) for w in waits],
                         [("newcomer", False, 2, 10, 20), ("newcomer", True, 1, 29, 29), ("volunteer", False, 1, 5, 5)])
        month = {"from": "2024-01-01", "to": "2024-01-30"}
        for wait in waits:
            spans = self.spans("waiting-now" if wait["waiting_now"] else "waits-ended", side=wait["side"], **month)
            self.assertEqual((len(spans), max(span["days"] for span in spans)), (wait["n"], wait["p90_days"]))
            for span in spans:
                self.assertEqual(span["began"]["stream"], "matching")
                self.assertEqual(["ended" in span, "to" in span], [not wait["waiting_now"]] * 2)
        cells = self.report(**{"from": "2024-01-01", "to": "2024-01-15"})
        self.assertEqual(cells[("waiting-newcomers", None, None)], 2)
        self.assertNotIn(("waiting-volunteers", None, None), cells)

    def spans(self, of, **more):
        spans, cursor = [], {}
        while True:
            page = self.query("trace-durations", partnership=self.partnership, of=of, limit=2, **more, **cursor)
            spans += page["spans"]
            if "next" not in page:
                self.assertEqual(len(spans), page["total"])
                self.assertEqual([span["id"] for span in spans], sorted(span["id"] for span in spans))
                return spans
            cursor = {"cursor": page["next"]}

    def test_days_can_be_opened_to_their_events(self):
        year = {"project_year": 2024}
        for days, distance_m, reason in ((1, 500, "moved"), (2, 500, "schedule"), (3, 2000, "moved"), (40, 20000, "moved")):
            started = f"2024-02-{days:02}T10:00:00Z" if days < 30 else "2023-02-01T10:00:00Z"
            self.stop(self.duo(started, distance_m=distance_m), "2024-05-01T10:00:00Z", reason)
            if days == 2:
                self.send()
        self.become_informal(self.duo("2024-01-01T10:00:00Z", OLEN), "2024-05-01T10:00:00Z")
        self.stop((new_id(), "2024-01-01T10:00:00Z"), "2025-05-01T10:00:00Z")
        self.send()
        for row in self.query("durations", partnership=self.partnership, **year)["duos"]:
            asked = {key: row[key] for key in ("programme", "reason", "distance_band") if key in row}
            days = sorted(span["days"] for span in self.spans("duos", **asked, **year))
            self.assertEqual((len(days), days[(len(days) - 1) // 2]), (row["n"], row["median_days"]))
        self.assertEqual(len(self.spans("duos", **year)), 5)
        self.assertTrue(all("began" in span and "ended" in span for span in self.spans("duos", **year)))
        self.assertEqual([span["nis"] for span in self.spans("duos", nis=OLEN, **year)], [OLEN])
        untold, = self.spans("duos", project_year=2025)
        self.assertNotIn("began", untold)
        self.refused("invalid", self.query, "trace-durations", partnership=self.partnership, of="duos", side="newcomer")
        self.refused("invalid", self.query, "trace-durations", partnership=self.partnership, of="waits-ended", reason="moved")

    def test_a_correction_stands_beside_its_result(self):
        self.attend(self.person(), hours=3)
        self.send()
        result = self.trace("hours", project_year=2024)[0]["result_id"]
        self.refused("invalid", self.command, "correct-result", result_id=result, amount=-1, reason="other")
        self.refused("not-found", self.command, "correct-result", result_id=new_id(), amount=1, reason="other")
        self.assertEqual(self.command("correct-result", result_id=result, amount=2, reason="wrong-amount")["was"], 3)
        self.assertEqual(self.command("correct-result", result_id=result, amount=2, reason="wrong-amount")["was"], 2)
        self.assertEqual(self.report(project_year=2024)[("hours", None, None)], 2)
        page = self.query("trace", result_id=result, partnership="elsewhere")
        self.assertEqual((page["results"], page["total"]), ([], 0))
        page = self.query("trace", result_id=result)
        self.assertEqual([(r["kind"], r["amount"]) for r in page["results"]], [("counted", 3), ("corrected", -1)])
        self.assertEqual((page["total"], page["amount"]), (2, 2))
        line = self.stack.psql(f"SELECT line_id FROM reporting.result WHERE result_id = '{result}' AND kind = 'corrected'")
        page = self.query("trace", result_id=line)
        self.assertEqual((page["results"], page["total"]), ([], 0))
        corrected = [d for h, d in self.client.log("reporting") if h["type"].endswith("result-corrected.v1")]
        self.assertEqual((corrected[-1]["was"], corrected[-1]["amount"]), (3, 2))

    def test_one_result_is_found_among_many_without_reading_them_all(self):
        self.attend(self.person())
        self.send()
        self.stack.psql("INSERT INTO reporting.result (line_id, result_id, kind, partnership, nis, project_year, figure, unit, "
                        "amount_e2, on_date, stream, seq, event_id, event_type, at, late) "
                        "SELECT id, id, 'counted', 'elsewhere', '13011', 2024, 'hours', 'hour', 100, '2024-01-01', 'scheduling', 1, "
                        "'', '', now(), false FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 20000)) ids")
        self.stack.psql("ANALYZE reporting.result")
        result = self.trace("hours", project_year=2024)[0]["result_id"]
        for name, rest in (("trace_page", ", NULL, 100"), ("trace_total", "")):
            statement = (ROOT / f"services/reporting/sql/{name}.sql").read_text()
            plan = self.stack.psql(f"SET search_path TO reporting; PREPARE asked AS {statement}; "
                                   f"EXPLAIN EXECUTE asked('{result}'{', NULL' * 9}{rest})")
            self.assertIn("result_corrections", plan)
            self.assertNotIn("Seq Scan", plan)

    def test_who_was_taken_out_counts_when_they_come_again(self):
        """Also after a restart, and once; what was taken out by mistake can be put back until then."""
        one = self.person()
        self.attend(one)
        self.send()
        persons = lambda: self.report(project_year=2024).get(("practice-persons", None, None), 0)
        first = self.trace("practice-persons", project_year=2024)[0]["result_id"]
        correct = lambda amount: self.command("correct-result", result_id=first, amount=amount, reason="other")
        for amount in (0, 1):
            correct(amount)
            self.assertEqual(persons(), amount)
        self.attend(one, "2024-04-02T18:30:00Z")
        self.send()
        self.assertEqual(persons(), 1)
        correct(0)
        self.attend(one, "2024-04-04T18:30:00Z")
        self.send()
        self.assertEqual(persons(), 1)
        self.assertIn("counted again", self.refused("conflict", lambda name: correct(1), "correct-result"))
        self.stack.kill("reporting")
        self.stack.start("reporting")
        self.attend(one, "2024-04-09T18:30:00Z")
        self.send()
        self.assertEqual(persons(), 1)

    def test_who_was_taken_out_before_that_was_noted_counts_again(self):
        one, other, third = (self.person() for _ in range(3))
        for person in (one, other, third):
            self.attend(person)
        self.send()
        persons = lambda: self.report(project_year=2024).get(("practice-persons", None, None), 0)
        results = [row["result_id"] for row in self.trace("practice-persons", project_year=2024)]
        held = "SELECT person_id, counted_for FROM reporting.counted_person ORDER BY person_id, counted_for"
        before = self.stack.psql(held)
        self.stack.psql("CREATE TABLE reporting.held AS TABLE reporting.counted_person")
        for result in results[:2]:
            self.command("correct-result", result_id=result, amount=0, reason="other")
        self.stack.kill("reporting")
        self.stack.psql("INSERT INTO reporting.counted_person TABLE reporting.held ON CONFLICT DO NOTHING; "
                        "DROP TABLE reporting.held; UPDATE reporting.result SET unit = 'person'")
        self.stack.start("reporting")
        self.stack.wait_ready("reporting")
        self.command("correct-result", result_id=results[0], amount=1, reason="other")  # by nothing but itself
        self.assertEqual((persons(), self.stack.psql(held)), (2, before))
        self.stack.kill("reporting")
        migration = (ROOT / "services/reporting/migrations/0007_taken_out.sql").read_text()
        self.stack.psql("SET search_path TO reporting; " + migration)
        self.stack.start("reporting")
        self.stack.wait_ready("reporting")
        for person in (one, other, third):
            self.attend(person, "2024-04-02T18:30:00Z")
        self.send()
        self.assertEqual((persons(), self.stack.psql(held)), (3, before))

    def test_who_is_erased_stays_counted(self):
        one = self.person(OLEN)
        self.attend(one)
        self.send()
        self.say("registry", "person-erased", one, "2024-05-01T10:00:00Z", person_id=one)
        self.send()
        self.assertEqual(self.report(project_year=2024)[("practice-persons", None, OLEN)], 1)
        eventually(lambda: self.stack.psql(f"SELECT count(*) FROM reporting.person WHERE person_id = '{one}'") == "0")


if __name__ == "__main__":
    unittest.main()
