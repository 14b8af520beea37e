#!/usr/bin/python3
"""What reporting gives away: a closed report, targets and their money, published figures, files for spreadsheets."""
import base64
import datetime
import io
import json
import pathlib
import sys
import unittest
import zipfile
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from told_year import HERENTALS, KASTERLEE, LILLE, OLEN, WithStandIns, new_id  # noqa: E402
from waiting import eventually  # noqa: E402


class Given(WithStandIns):
    def test_a_closed_report_stands(self):
        one = self.person()
        self.attend(one)
        duo = self.duo("2024-05-01T10:00:00Z")
        self.send()
        before = self.report(project_year=2024)
        result = self.trace("hours", project_year=2024)[0]["result_id"]
        closed = self.command("close-report", partnership=self.partnership, project_year=2024)
        self.assertEqual(closed["results"], 5)
        for call in (("close-report", {}), ("confirm-target", {"action": 5, "unit": "person", "requested": 1, "confirmed": 1})):
            self.refused("conflict", self.command, call[0], partnership=self.partnership, project_year=2024, **call[1])
        self.refused("conflict", self.command, "correct-result", result_id=result, amount=0, reason="other")
        for partnership in (self.partnership, "nowhere"):  # who may not is told nothing of it
            year = {"partnership": partnership, "project_year": 2024}
            for name, data in (("close-report", year), ("confirm-target", {
                    **year, "action": 5, "unit": "person", "requested": 1, "confirmed": 1})):
                self.refused("denied", lambda one, data=data: self.client.command(
                    "reporting", f"koppel.reporting.{one}.v1", data, within="partnership=elsewhere"), name)
        self.refused("not-found", self.command, "close-report", partnership="nowhere", project_year=2024)
        self.attend(one, "2024-06-01T10:00:00Z")
        self.stop(duo, "2024-07-01T10:00:00Z")
        self.send()
        self.assertEqual(self.report(project_year=2024), before)
        self.assertTrue(self.query("report", partnership=self.partnership, project_year=2024)["closed"])
        self.assertEqual([r["late"] for r in self.trace("practice-attendances", project_year=2024)], [False, True])
        self.assertNotIn(("duos-active", None, None), self.report(project_year=2025))

    def test_what_was_reached_and_is_not_read_yet_is_waited_for(self):
        """Commands are taken before what was said while the service was away, and waits to be read."""
        one = self.person()
        self.send()
        self.stack.kill("reporting")
        for _ in range(12_000):
            self.attend(one)
        self.say_all()
        self.stack.start("reporting")
        self.assertGreaterEqual(eventually(self.close, what="the report closed")["results"], 12_000)

    def test_no_report_is_closed_while_a_service_cannot_be_heard(self):
        self.stack.kill("matching")
        eventually(lambda: self.stack.metric("reporting", "libbus_ready") == 0, what="its silence noticed")
        text = self.refused("retry", self.command, "close-report", partnership=self.partnership, project_year=2024)
        self.assertIn("not read all", text)
        self.stack.start("matching")
        eventually(self.close, what="the report closed")

    def test_no_report_is_closed_while_an_event_that_names_the_partnership_is_parked(self):
        """Tried again after it, that would count nowhere. Once somebody has given it up, the year is closed without."""
        self.attend(self.person(), hours="two")
        self.send()
        year = {"partnership": self.partnership, "project_year": 2024}
        self.assertIn("koppel dead list", self.refused("conflict", self.command, "close-report", **year))
        self.begin(self.partnership[2:])
        self.assertEqual(self.close()["partnership"], self.partnership, "another's is closed, though the name is part of that name")
        letter, = self.client.admin("reporting", "ADMIN", {"op": "dead-list"})["dead"]
        self.client.admin("reporting", "ADMIN", {"op": "dead-drop", "note": "it was no attendance", "source": letter["source"],
                                                 "seq": letter["seq"], "event_id": letter["event_id"]})
        self.assertEqual(self.command("close-report", **year)["results"], 0)

    def test_a_year_that_is_not_over_is_not_closed(self):
        this_year = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Brussels")).year
        for year in (this_year, this_year + 1):
            text = self.refused("conflict", self.command, "close-report", partnership=self.partnership, project_year=year)
            self.assertIn(f"{year}-12-31", text)
        self.attend(self.person(), f"{this_year}-01-01T12:00:00Z")
        self.send()
        self.assertEqual([r["late"] for r in self.trace("practice-attendances", project_year=this_year)], [False])

    def test_what_stands_counts_off_in_the_first_year_that_is_open(self):
        duo = self.duo("2023-05-01T10:00:00Z")
        self.send()
        years = (2023, 2024, 2025)
        for year in years:
            self.command("close-report", partnership=self.partnership, project_year=year)
        before = [self.report(project_year=year) for year in years]
        self.stop(duo, "2023-07-01T10:00:00Z")
        self.send()
        self.assertEqual([self.report(project_year=year) for year in years], before)
        self.assertEqual([one[("duos-active", None, None)] for one in before], [1, 1, 1])
        self.assertEqual(self.report(project_year=2026), {})
        counted_off = self.trace("duos-active", project_year=2026)[-1]
        self.assertEqual((counted_off["on_date"], counted_off["amount"], counted_off["late"]), ("2026-01-01", -1, False))

    def test_targets_are_reached_and_paid_at_their_rates(self):
        action = 6  # no other test here sets its rates
        self.configure(action=action)
        self.send()
        self.refused("not-found", self.command, "confirm-target", partnership="nowhere", project_year=2024,
                     action=action, unit="person", requested=1, confirmed=1)
        self.command("confirm-target", partnership=self.partnership, project_year=2024, action=action, unit="person",
                     requested=30, confirmed=20, existing_reach=2)
        for day in ("2024-03-05", "2024-03-06", "2024-09-05"):
            self.attend(self.person(), f"{day}T18:30:00Z")
        self.send()
        target, = self.query("report", partnership=self.partnership, project_year=2024)["targets"]
        self.assertNotIn("subsidy_cents", target)
        self.command("set-rate", action=action, unit="person", cents_per_unit=6000, **{"from": "2023-01-01"})
        self.command("set-rate", action=action, unit="person", cents_per_unit=7000, **{"from": "2024-07-01", "to": "2024-12-31"})
        self.refused("conflict", self.command, "set-rate", action=action, unit="person", cents_per_unit=1,
                     **{"from": "2024-12-31"})
        self.refused("invalid", self.command, "set-rate", action=action, unit="person", cents_per_unit=1,
                     **{"from": "2026-02-01", "to": "2026-01-01"})
        target, = self.query("report", partnership=self.partnership, project_year=2024)["targets"]
        self.assertEqual((target["reached"], target["percent"], target["warning"], target["subsidy_cents"]),
                         (5, 25, False, 19000))
        self.close()
        published, = self.query("report", partnership=self.partnership, project_year=2024, published=True)["targets"]
        self.assertFalse({"reached", "percent", "subsidy_cents"} & set(published))
        low = {"partnership": self.partnership, "project_year": 2023, "action": action, "unit": "person",
               "requested": 30, "confirmed": 20}
        self.command("confirm-target", **low)
        asked = {"partnership": self.partnership, "project_year": 2023}
        self.attend(self.person(), "2023-03-05T18:30:00Z")
        self.send()
        self.assertTrue(self.query("report", **asked)["targets"][0]["warning"])
        self.close(2023)
        self.assertFalse(self.query("report", **asked, published=True)["targets"][0]["warning"])
        rates = self.query("rates", action=action, limit=1)
        self.assertEqual(rates["rates"][0]["to"], "2024-06-30")
        second, = self.query("rates", action=action, cursor=rates["next"])["rates"]
        self.assertEqual(second["cents_per_unit"], 7000)
        self.assertEqual(self.query("rates", action=action, on_date="2024-08-01")["rates"], [second])
        self.assertEqual([t["confirmed"] for t in self.query("targets", partnership=self.partnership, project_year=2024)["targets"]],
                         [20])

    def test_the_maximum_is_that_of_the_rate_that_held_last(self):
        action = 7
        self.configure(action=action)
        for day in ("2024-03-05", "2024-03-06", "2024-03-07", "2024-09-05"):
            self.attend(self.person(), f"{day}T18:30:00Z")
        self.send()
        self.command("confirm-target", partnership=self.partnership, project_year=2024, action=action, unit="person",
                     requested=30, confirmed=20)
        rate = {"action": action, "unit": "person", "cents_per_unit": 6000}
        self.command("set-rate", **rate, maximum_cents=10000, **{"from": "2023-01-01"})
        self.command("set-rate", **rate, maximum_cents=15000, **{"from": "2024-07-01"})
        target, = self.query("report", partnership=self.partnership, project_year=2024)["targets"]
        self.assertEqual((target["reached"], target["subsidy_cents"]), (4, 15000))

    def test_a_target_is_left_out_with_a_total_that_it_adds_up(self):
        """Less the attendances that are shown it would be the three guests."""
        reached = []
        for guests in (0, 3):
            self.setUp()
            self.command("confirm-target", partnership=self.partnership, project_year=2024, action=5, unit="attendance",
                         requested=30, confirmed=20)
            for _ in range(20):
                self.attend(self.person())
            self.say("scheduling", "session-held", new_id(), "2024-03-05T18:30:00Z", session_id=new_id(), series_id=new_id(),
                     programme=self.programme, nis=HERENTALS, at="2024-03-05T18:30:00Z", attended_n=20, missed_n=0, guests=guests,
                     hours=2)
            self.send()
            self.close()
            self.assertEqual(self.shown("practice-attendances"), {None: 20, HERENTALS: 20})
            told, = self.query("report", partnership=self.partnership, project_year=2024, published=True)["targets"]
            reached.append(told.get("reached"))
        self.assertEqual(reached, [20, None])

    def test_waits_are_left_out_with_the_duos_that_ended_them(self):
        """Less the requests that were given, which are shown, they would be the duos formed."""
        told = []
        for formed in (6, 4):
            self.setUp()
            for _ in range(formed):
                self.duo("2024-02-01T10:00:00Z")
                self.wait_of("2024-01-10T10:00:00Z", "2024-02-01T10:00:00Z")
            for _ in range(5):
                self.wait_of("2024-01-10T10:00:00Z", "2024-02-01T10:00:00Z")
            self.send()
            self.close()
            waits = self.query("durations", partnership=self.partnership, project_year=2024, published=True)["waits"]
            told.append([(wait["waiting_now"], wait["n"]) for wait in waits])
        self.assertEqual(told, [[(False, 11)], []])

    def test_targets_of_many_years_are_refused_and_not_cut(self):
        for year in range(2015, 2024):
            for action in range(1, 25):
                self.command("confirm-target", partnership=self.partnership, project_year=year, action=action, unit="person",
                             requested=30, confirmed=20)
        asked = {"partnership": self.partnership, "to": "2023-12-31"}
        text = self.refused("invalid", self.query, "report", **asked, **{"from": "2015-01-01"})
        self.assertIn("shorter", text)
        told = self.query("report", **asked, **{"from": "2016-01-01"})["targets"]
        self.assertEqual([(one["project_year"], one["action"]) for one in told],
                         [(year, action) for year in range(2016, 2024) for action in range(1, 25)])

    def test_small_cells_are_left_out_of_what_is_published(self):
        for nis, n in ((HERENTALS, 12), (OLEN, 2), (LILLE, 7)):
            for _ in range(n):
                self.attend(self.person(nis), hours=0)
        self.send()
        for _ in range(3):
            self.stop(self.duo("2024-01-01T10:00:00Z"), "2024-02-01T10:00:00Z", "schedule")
        for _ in range(6):
            self.stop(self.duo("2024-01-01T10:00:00Z", distance_m=4000), "2024-02-01T10:00:00Z")
        self.send()
        self.close()
        full, published = self.report(project_year=2024), self.report(project_year=2024, published=True)
        self.assertEqual(full[("practice-persons", None, OLEN)], 2)
        self.assertEqual({key[2]: amount for key, amount in published.items() if key[0] == "practice-persons"},
                         {None: 21, HERENTALS: 12})
        self.assertEqual(self.report(project_year=2024, published=True, nis=OLEN, limit=1), {})
        rows = self.query("durations", partnership=self.partnership, project_year=2024, published=True)["duos"]
        self.assertEqual([(row["n"], row["left_out"]) for row in rows], [(9, False)])
        self.refused("invalid", self.query, "durations", partnership=self.partnership, nis=OLEN, published=True)

    def test_hours_of_fewer_than_five_results_are_left_out(self):
        for nis, n in ((HERENTALS, 10), (LILLE, 12), (OLEN, 3)):
            for _ in range(n):
                self.attend(self.person(nis), nis=nis, hours=4)
        self.send()
        for result in self.trace("hours", project_year=2024, nis=OLEN)[:2]:  # a correction is nobody who came
            self.command("correct-result", result_id=result["result_id"], amount=3.5, reason="wrong-amount")
        self.close()
        self.assertEqual(self.shown("hours"), {LILLE: 48})

    def test_what_was_taken_out_is_no_result(self):
        for nis, n in ((HERENTALS, 10), (OLEN, 5)):
            for _ in range(n):
                self.attend(self.person(nis), nis=nis, hours=4)
        self.send()
        out = self.trace("hours", project_year=2024, nis=OLEN)[0]
        self.command("correct-result", result_id=out["result_id"], amount=0, reason="other")
        self.close()
        self.assertEqual(self.shown("hours"), {})
        self.assertEqual(self.shown("practice-attendances"), {None: 15})

    def close(self, year=2024):
        return self.command("close-report", partnership=self.partnership, project_year=year)

    def shown(self, figure):
        """A figure of the published report, by municipality; their total under None."""
        published = self.report(project_year=2024, published=True)
        return {nis: amount for (name, _, nis), amount in published.items() if name == figure}

    def test_nobody_who_came_follows_from_hours_and_guests(self):
        for nis, n in ((HERENTALS, 20), (OLEN, 3), (LILLE, 6), (KASTERLEE, 7)):
            for _ in range(n):
                self.attend(self.person(nis), nis=nis, hours=1)
        for _ in range(4):
            self.say("scheduling", "session-held", new_id(), "2024-03-05T18:30:00Z", session_id=new_id(), series_id=new_id(),
                     programme=self.programme, nis=LILLE, at="2024-03-05T18:30:00Z", attended_n=1, missed_n=0, guests=10, hours=1)
        self.send()
        self.close()
        for figure in ("practice-persons", "practice-attendances"):
            self.assertEqual(self.shown(figure), {None: 36, HERENTALS: 20, KASTERLEE: 7})
        self.assertEqual(self.shown("hours"), {None: 76, HERENTALS: 20, KASTERLEE: 7})

    def test_nothing_published_can_be_subtracted_from_what_overlaps_it(self):
        part = {"partnership": self.partnership, "published": True, "from": "2024-01-01", "to": "2024-08-12"}
        for name, more in (("report", {}), ("durations", {}), ("export", {"format": "csv"})):
            self.refused("invalid", self.query, name, **part, **more)
        self.refused("invalid", self.query, "durations", partnership=self.partnership, published=True)

    def test_only_what_is_closed_is_published(self):
        for _ in range(7):
            self.stop(self.duo("2024-01-10T10:00:00Z"), "2024-02-01T10:00:00Z")
            self.wait_of("2024-01-10T10:00:00Z", "2024-02-01T10:00:00Z")
            self.duo("2024-01-10T10:00:00Z")
            self.wait_of("2024-01-10T10:00:00Z")
        self.send()
        for more in ({"project_year": 2024}, {}):  # a year that is over, and the one that runs
            for name in ("report", "export", "durations")[:2 + len(more)]:
                of = {"format": "csv"} if name == "export" else {}
                text = self.refused("conflict", self.query, name, partnership=self.partnership, published=True, **more, **of)
                self.assertIn("close-report", text)
        self.refused("not-found", self.query, "report", partnership="nowhere", project_year=2024, published=True)
        self.close()
        before = self.given()
        self.stop(self.duo("2024-03-10T10:00:00Z"), "2024-04-01T10:00:00Z")
        self.duo("2023-03-10T10:00:00Z")  # of a year that is still open
        self.wait_of("2023-03-10T10:00:00Z", "2024-04-01T10:00:00Z")
        self.wait_of("2023-03-10T10:00:00Z")
        self.end_wait(self.waits[1], "2024-04-01T10:00:00Z")
        self.send()
        self.assertEqual(self.given(), before)
        self.assertEqual([len(self.spans(of, project_year=2024)) for of in ("duos", "waits-ended", "waiting-now")], [7, 7, 7])

    def given(self):
        """All that is published of the year."""
        asked = {"partnership": self.partnership, "project_year": 2024, "published": True}
        figures = [self.query(name, **asked) for name in ("report", "durations")]
        self.assertEqual([row["n"] for row in figures[1]["duos"][:1] + figures[1]["waits"]], [7, 7, 7])
        return figures

    def wait_of(self, since, until=None):
        wait = {"waiting_id": new_id(), "person_id": new_id(), "programme": self.programme, "side": "newcomer", "since": since}
        self.say("matching", "waiting-started", wait["person_id"], since, nis=HERENTALS, **wait)
        self.waits = [*getattr(self, "waits", ()), wait]
        if until:
            self.end_wait(wait, until)

    def end_wait(self, wait, until):
        self.say("matching", "waiting-ended", wait["person_id"], until, nis=HERENTALS, **wait, until=until, outcome="duo",
                 days=1)

    def test_the_report_and_the_durations_hide_the_same(self):
        for reason, n in (("schedule", 3), ("moved", 6)):
            for _ in range(n):
                self.stop(self.duo("2023-01-10T10:00:00Z"), "2024-02-01T10:00:00Z", reason)
        for _ in range(5):
            self.become_informal(self.duo("2023-01-10T10:00:00Z"), "2024-02-01T10:00:00Z")
        for _ in range(8):
            self.duo("2023-01-10T10:00:00Z")
        self.send()
        self.close()
        cells = self.report(project_year=2024, published=True)
        self.assertEqual({key[1]: amount for key, amount in cells.items() if key[0] == "duos-stopped" and not key[2]},
                         {None: 9})
        self.assertEqual(cells[("duos-informal", None, None)], 5)
        rows = self.query("durations", partnership=self.partnership, project_year=2024, published=True)["duos"]
        self.assertEqual([(row.get("reason"), row["n"]) for row in rows], [(None, 14), (None, 14)])

    def test_what_adds_up_over_figures_is_hidden_together(self):
        duos = [self.duo("2024-01-10T10:00:00Z") for _ in range(7)]
        for duo in duos[:5]:
            self.stop(duo, "2024-02-01T10:00:00Z")
        self.send()
        self.close()
        cells = {key[0]: n for key, n in self.report(project_year=2024, published=True).items() if key[1:] == (None, None)}
        self.assertEqual(cells, {"duos-stopped": 5})

    def stopped_year(self, cells):
        """The published report and file of a partnership with duos that stopped, by municipality and reason."""
        self.setUp()
        self.command("confirm-target", partnership=self.partnership, project_year=2024, action=5, unit="person",
                     requested=30, confirmed=20)
        for nis, reason, n in cells:
            for _ in range(n):
                self.stop(self.duo("2023-01-10T10:00:00Z", nis), "2024-02-01T10:00:00Z", reason, nis)
        for _ in range(cells[0][2]):
            self.attend(self.person())
        self.send()
        self.close()
        asked = {"partnership": self.partnership, "project_year": 2024, "published": True}
        told = [self.query("report", **asked), self.query("durations", **asked)]
        text = base64.b64decode(self.query("export", format="csv", **asked)["content"]).decode()
        return [json.loads(json.dumps(one).replace(self.partnership, "us")) for one in (*told, text)]

    def test_what_is_small_and_what_is_nothing_look_the_same(self):
        one = self.stopped_year([(HERENTALS, "moved", 0), (HERENTALS, "schedule", 2), (OLEN, "moved", 2), (LILLE, "schedule", 1)])
        other = self.stopped_year([(OLEN, "schedule", 3), (OLEN, "personal", 1), (HERENTALS, "moved", 1)])
        self.assertEqual(one, other)
        self.assertEqual([(row["figure"], row["amount"]) for row in one[0]["rows"]], [("duos-stopped", 5)])
        self.assertIn("wat hier niet staat: geen, minder dan 5 of afgeschermd", one[2])

    def file(self, format_):
        parts, answer = b"", None
        while answer is None or len(parts) < answer["size_bytes"]:
            answer = self.query("export", partnership=self.partnership, project_year=2024, format=format_,
                                offset=len(parts))
            parts += base64.b64decode(answer["content"])
        return answer, parts

    def test_files_for_spreadsheets(self):
        for nis in (HERENTALS, OLEN):
            self.attend(self.person(nis), hours=1.5)
        self.send()
        answer, content = self.file("csv")
        self.assertEqual((answer["file_name"], answer["media_type"]), (f"{self.partnership}-2024.csv", "text/csv"))
        lines = content.decode("utf-8-sig").split("\r\n")
        self.assertIn(f"{self.programme};5;Uren;;{OLEN};Olen;uur;1,5;;", lines)
        self.assertIn(f"{self.programme};5;Oefenkansen: personen;;samen;samen;persoon;2;;", lines)
        self.assertEqual({line.count(";") for line in lines[:-1]}, {9})
        self.assertEqual(self.file("csv"), (answer, content))
        answer, content = self.file("xlsx")
        book = zipfile.ZipFile(io.BytesIO(content))
        self.assertIsNone(book.testzip())
        self.assertIn("Oefenkansen: personen", book.read("xl/sharedStrings.xml").decode())
        self.assertEqual(book.read("xl/workbook.xml").count(b"<sheet "), 4)
        self.assertEqual(self.file("xlsx"), (answer, content))
        self.refused("invalid", self.query, "export", partnership=self.partnership, project_year=2024, format="csv",
                     offset=answer["size_bytes"] + 1000)

    def test_a_question_that_is_not_whole_is_refused(self):
        self.refused("invalid", self.query, "trace", partnership=self.partnership, figure="hours")
        self.refused("invalid", self.query, "trace", partnership=self.partnership, project_year=2024)
        self.refused("invalid", self.query, "report", partnership=self.partnership, **{"from": "2024-01-01"})
        self.refused("invalid", self.query, "report", partnership=self.partnership, project_year=2024,
                     **{"from": "2024-01-01", "to": "2024-02-01"})
        self.refused("not-found", self.query, "report", partnership="nowhere", project_year=2024)


if __name__ == "__main__":
    unittest.main()
