#!/usr/bin/python3
"""Reporting over time: what stands at the end of a period, what is told later, how long people waited and duos lasted."""
import datetime
import statistics
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from told_year import HERENTALS, OLEN, WithStandIns, new_id  # noqa: E402


class OverTime(WithStandIns):
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
                         [("newcomer", False, 2, 15, 20), ("newcomer", True, 1, 29, 29), ("volunteer", False, 1, 5, 5)])
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

    def test_a_buddy_who_helps_does_not_wait_and_who_asks_does(self):
        buddy, asker, request, stay, other = (new_id() for _ in range(5))
        on_list = {"waiting_id": stay, "person_id": buddy, "programme": self.programme, "side": "volunteer", "nis": OLEN,
                   "since": "2024-01-01T12:00:00Z"}
        help_ = {"request_id": request, "programme": self.programme, "person_id": asker, "topic": "school", "nis": HERENTALS}
        given = [
            self.say("matching", "waiting-started", buddy, on_list["since"], **on_list),
            self.say("matching", "help-request-opened", request, "2024-01-03T12:00:00Z", **help_),
            self.say("matching", "help-request-assigned", request, "2024-01-07T12:00:00Z", **help_, buddy_id=buddy),
            self.say("matching", "help-request-assigned", request, "2024-01-09T12:00:00Z", **help_, buddy_id=other),
            self.say("matching", "help-request-assigned", request, "2024-01-10T12:00:00Z", **help_, buddy_id=buddy),
            self.say("matching", "help-request-fulfilled", request, "2024-01-21T12:00:00Z", **help_, buddy_id=buddy,
                     hours=2, days=18)]
        self.send()
        month = {"from": "2024-01-01", "to": "2024-01-24"}
        waits = self.query("durations", partnership=self.partnership, **month)["waits"]
        self.assertEqual([(w["side"], w["waiting_now"], w["n"], w["median_days"], w["p90_days"]) for w in waits],
                         [("newcomer", False, 1, 4, 4), ("volunteer", False, 2, 3.5, 6), ("volunteer", True, 1, 3, 3)])
        ends = [[span[end]["event_id"] for end in ("began", "ended")] for span in self.spans("waits-ended", **month)]
        self.assertCountEqual(ends, [[given[1], given[2]], [given[0], given[2]], [given[3], given[4]]])
        now, = self.spans("waiting-now", **month)
        self.assertEqual((now["began"]["event_id"], now["nis"]), (given[5], OLEN))
        for day, newcomers, volunteers in ((2, 0, 1), (3, 1, 1), (7, 0, 0), (9, 0, 1), (10, 0, 0), (20, 0, 0), (21, 0, 1)):
            cells = self.report(**{"from": "2024-01-01", "to": f"2024-01-{day:02}"})
            self.assertEqual([cells.get((f"waiting-{side}", None, None), 0) for side in ("newcomers", "volunteers")],
                             [newcomers, volunteers], day)
        self.say("matching", "help-request-opened", other, "2024-01-25T12:00:00Z", **{**help_, "request_id": other})
        self.say("matching", "help-request-assigned", other, "2024-01-25T12:00:00Z", **{**help_, "request_id": other},
                 buddy_id=buddy)
        self.say("matching", "waiting-ended", buddy, "2024-01-26T12:00:00Z", **on_list, until="2024-01-26T12:00:00Z", days=25,
                 outcome="rested")
        self.say("matching", "help-request-dropped", other, "2024-01-27T12:00:00Z", **{**help_, "request_id": other},
                 buddy_id=buddy, reason="no-contact")
        self.send()
        self.assertEqual(self.spans("waiting-now", **{"from": "2024-01-01", "to": "2024-01-30"}), [])
        self.assertEqual(sum(line["amount"] for line in self.trace("waiting-volunteers", project_year=2024)), 0)

    def test_a_duo_lasts_as_long_whenever_its_end_is_told(self):
        told_later = self.duo("2024-01-10T15:00:00Z")
        self.stop(told_later, "2024-02-10T16:00:00Z", ended="2024-02-09T12:00:00Z")
        self.stop(self.duo("2024-01-10T15:00:00Z"), "2024-02-09T16:00:00Z")
        self.stop(self.duo("2024-03-01T12:00:00Z"), "2024-04-01T11:00:00Z")  # summer time began meanwhile
        self.send()
        year = {"project_year": 2024}
        self.assertEqual(sorted(span["days"] for span in self.spans("duos", **year)), [30, 30, 31])
        together = self.query("durations", partnership=self.partnership, **year)["duos"][0]
        self.assertEqual((together["n"], together["mean_days"]), (3, 30.3))
        self.stop(self.duo("2024-01-10T15:00:00Z"), "2024-02-10T16:00:00Z")
        self.stop(self.duo("2024-01-10T15:00:00Z"), "2024-02-10T16:00:00Z")
        self.stop(self.duo("2024-01-10T15:00:00Z"), "2024-02-10T16:00:00Z")
        self.send()
        together = self.query("durations", partnership=self.partnership, **year)["duos"][0]
        self.assertEqual((together["n"], together["mean_days"]), (6, 30.7), "rounded, not cut")

    def test_who_leaves_with_a_programme_waits_no_more(self):
        wait = {"waiting_id": new_id(), "person_id": new_id(), "programme": self.programme, "side": "newcomer",
                "nis": HERENTALS, "since": "2024-01-01T12:00:00Z"}
        self.say("matching", "waiting-started", wait["person_id"], wait["since"], **wait)
        self.say("matching", "waiting-ended", wait["person_id"], "2024-01-04T12:00:00Z", **wait, until="2024-01-04T12:00:00Z",
                 days=3, outcome="programme-ended")
        self.send()
        self.assertEqual(self.report(**{"from": "2024-01-01", "to": "2024-01-03"})[("waiting-newcomers", None, None)], 1)
        self.assertNotIn(("waiting-newcomers", None, None), self.report(**{"from": "2024-01-01", "to": "2024-01-04"}))
        month = {"from": "2024-01-01", "to": "2024-01-30"}
        self.assertEqual(self.query("durations", partnership=self.partnership, **month)["waits"], [])

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
            self.assertEqual((len(days), statistics.median(days)), (row["n"], row["median_days"]))
        self.assertEqual(len(self.spans("duos", **year)), 5)
        self.assertTrue(all("began" in span and "ended" in span for span in self.spans("duos", **year)))
        self.assertEqual([span["nis"] for span in self.spans("duos", nis=OLEN, **year)], [OLEN])
        untold, = self.spans("duos", project_year=2025)
        self.assertNotIn("began", untold)
        self.refused("invalid", self.query, "trace-durations", partnership=self.partnership, of="duos", side="newcomer")
        self.refused("invalid", self.query, "trace-durations", partnership=self.partnership, of="waits-ended", reason="moved")


if __name__ == "__main__":
    unittest.main()
