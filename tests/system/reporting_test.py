#!/usr/bin/python3
"""Reporting on the real bus: the duo loop as the real services tell it, counted and opened to its events; and, with
stand-ins for them, years, people counted once, corrections, closing, money, what is published, and files."""
import base64
import collections
import datetime
import io
import os
import pathlib
import secrets
import stat
import sys
import unittest
import uuid
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ministack import BUILD, MiniStack, Refused, eventually  # noqa: E402

WEIGHTS = {"distance": 30, "age": 15, "family": 15, "interests": 20, "language": 10, "waiting": 10}
RULES = {"max_distance_km": 15, "min_shared_slots": 1, "same_language_required": False, "silence_after_days": 42,
         "proposal_valid_days": 14, "match_every_hours": 0}
HERENTALS, OLEN, LILLE = "13011", "13029", "13019"


def new_id():
    return str(uuid.uuid4())


class Scene(unittest.TestCase):
    def command(self, name, /, service="reporting", **data):
        return self.client.command(service, f"koppel.{service}.{name}.v1", data)

    def query(self, name, /, service="reporting", **data):
        return self.client.query(service, f"koppel.{service}.{name}.v1", data)

    def refused(self, status, call, name, /, **data):
        with self.assertRaises(Refused) as refused:
            call(name, **data)
        self.assertEqual(refused.exception.status["status"], status, refused.exception.status)
        return refused.exception.status["text"]

    def report(self, **more):
        """All rows of the report as {(figure, reason, nis): amount, None when left out}."""
        cells, cursor = {}, {}
        while True:
            page = self.query("report", partnership=self.partnership, **more, **cursor)
            for row in page["rows"]:
                key = (row["figure"], row.get("reason"), row.get("nis"))
                self.assertNotIn(key, cells)
                self.assertEqual("amount" not in row, row["left_out"])
                cells[key] = row.get("amount")
            if "next" not in page:
                return cells
            cursor = {"cursor": page["next"]}

    def trace(self, figure, **more):
        results, cursor = [], {}
        while True:
            page = self.query("trace", partnership=self.partnership, figure=figure, **more, **cursor)
            results += page["results"]
            if "next" not in page:
                self.assertEqual(len(results), page["total"])
                self.assertEqual(sum(r["amount"] for r in results if not r["late"]), page["amount"])
                return results
            cursor = {"cursor": page["next"]}


class TheDuoLoop(Scene):
    """With the real registry, matching and scheduling."""
    partnership = "asse"

    @classmethod
    def setUpClass(cls):
        programs = {name: BUILD / f"bin/koppel-{name}" for name in ("registry", "matching", "scheduling", "reporting")}
        programs["gateway"] = speaker(cls, "gateway")
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


def speaker(test, name):
    """A program that is the stand-in under this name."""
    folder = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"speakers-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    path = folder / f"speaker-{name}"
    path.write_text(f"#!/bin/sh\nSPEAKER={name} exec {BUILD}/bin/test-speaker\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    test.addClassCleanup(lambda: (path.unlink(), None if any(folder.iterdir()) else folder.rmdir()))
    return path


class WithStandIns(Scene):
    @classmethod
    def setUpClass(cls):
        programs = {name: speaker(cls, name) for name in ("registry", "matching", "scheduling")}
        programs["reporting"] = BUILD / "bin/koppel-reporting"
        cls.stack = MiniStack(list(programs), programs)
        cls.stack.__enter__()
        cls.addClassCleanup(cls.stack.__exit__)
        cls.client = cls.stack.client

    def setUp(self):
        self.partnership = "m-" + uuid.uuid4().hex[:12]
        self.programme = self.partnership + "-p"
        self.said = collections.defaultdict(list)
        self.say("registry", "partnership-formed", self.partnership, "2023-01-02T08:00:00Z", name="Middenkempen",
                 since="2023-01-01", lead_nis=HERENTALS)
        self.configure()
        self.send()

    def say(self, service, name, subject, at, /, **data):
        """Notes an event to be said; send() says them all."""
        header = {"id": new_id(), "source": f"/{service}", "type": f"koppel.{service}.{name}.v1", "specversion": "1.0",
                  "subject": str(subject), "time": at}
        data.setdefault("partnership", self.partnership)
        self.said[service].append({"header": header, "data": data})
        return header["id"]

    def send(self):
        for service, events in self.said.items():
            for first in range(0, len(events), 50):
                self.client.command(service, "koppel.gateway.accept-events.v1", {"events": events[first:first + 50]})
        self.said.clear()
        self.stack.settled()

    def configure(self, programme=None, **more):
        programme = programme or self.programme
        more.setdefault("action", 5)
        self.say("registry", "programme-configured", programme, "2023-01-02T09:00:00Z", programme=programme,
                 kind="conversation-group", name="Praatpunt", version=1, rules=RULES, weights=WEIGHTS, **more)

    def person(self, nis=HERENTALS):
        person_id = new_id()
        self.say("registry", "person-registered", person_id, "2023-01-03T09:00:00Z", person_id=person_id,
                 place={"postcode": "2200", "nis": nis, "lat_e4": 511000, "lon_e4": 48000}, profile={},
                 preferred_language="nl")
        return person_id

    def attend(self, person_id, at="2024-03-05T18:30:00Z", programme=None, hours=2, nis=HERENTALS):
        return self.say("scheduling", "attended", person_id, at, session_id=new_id(), series_id=new_id(),
                        person_id=person_id, programme=programme or self.programme, nis=nis, at=at, hours=hours,
                        enrolled=True)

    def duo(self, started, nis=HERENTALS, distance_m=900):
        duo_id = new_id()
        self.say("matching", "duo-started", duo_id, started, duo_id=duo_id, proposal_id=new_id(),
                 programme=self.programme, newcomer_id=new_id(), volunteer_id=new_id(), nis=nis,
                 distance_m=distance_m, newcomer_waited_days=3, volunteer_waited_days=0)
        return duo_id, started

    def stop(self, duo, at, reason="moved", nis=HERENTALS):
        duo_id, started = duo
        self.say("matching", "duo-stopped", duo_id, at, duo_id=duo_id, programme=self.programme, newcomer_id=new_id(),
                 volunteer_id=new_id(), nis=nis, reason=reason, newcomer_returns=False, volunteer_returns=False,
                 started=started, days=1, hours_total=0, contacts=0)

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
        cells = self.report(**{"from": "2024-01-01", "to": "2024-01-15"})
        self.assertEqual(cells[("waiting-newcomers", None, None)], 2)
        self.assertNotIn(("waiting-volunteers", None, None), cells)

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
        corrected = [d for h, d in self.client.log("reporting") if h["type"].endswith("result-corrected.v1")]
        self.assertEqual((corrected[-1]["was"], corrected[-1]["amount"]), (3, 2))

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
        self.refused("not-found", self.command, "close-report", partnership="nowhere", project_year=2024)
        self.attend(one, "2024-06-01T10:00:00Z")
        self.stop(duo, "2024-07-01T10:00:00Z")
        self.send()
        self.assertEqual(self.report(project_year=2024), before)
        self.assertTrue(self.query("report", partnership=self.partnership, project_year=2024)["closed"])
        self.assertEqual([r["late"] for r in self.trace("practice-attendances", project_year=2024)], [False, True])
        self.assertNotIn(("duos-active", None, None), self.report(project_year=2025))

    def test_targets_are_reached_and_paid_at_their_rates(self):
        action = 6 + int(uuid.uuid4()) % 18
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
        published, = self.query("report", partnership=self.partnership, project_year=2024, published=True)["targets"]
        self.assertFalse({"reached", "percent", "subsidy_cents"} & set(published))
        rates = self.query("rates", action=action, limit=1)
        self.assertEqual(rates["rates"][0]["to"], "2024-06-30")
        second, = self.query("rates", action=action, cursor=rates["next"])["rates"]
        self.assertEqual(second["cents_per_unit"], 7000)
        self.assertEqual(self.query("rates", action=action, on_date="2024-08-01")["rates"], [second])
        self.assertEqual([t["confirmed"] for t in self.query("targets", partnership=self.partnership)["targets"]], [20])

    def test_small_cells_are_left_out_of_what_is_published(self):
        for nis, n in ((HERENTALS, 12), (OLEN, 2), (LILLE, 7)):
            for _ in range(n):
                self.attend(self.person(nis), hours=0)
        self.send()
        full, published = self.report(project_year=2024), self.report(project_year=2024, published=True)
        self.assertEqual(full[("practice-persons", None, OLEN)], 2)
        self.assertEqual({key[2]: amount for key, amount in published.items() if key[0] == "practice-persons"},
                         {None: 21, HERENTALS: 12, OLEN: None, LILLE: None})
        self.assertEqual(self.report(project_year=2024, published=True, nis=OLEN, limit=1),
                         {key: None for key in published if key[2] == OLEN})
        for _ in range(3):
            self.stop(self.duo("2024-01-01T10:00:00Z"), "2024-02-01T10:00:00Z", "schedule")
        for _ in range(6):
            self.stop(self.duo("2024-01-01T10:00:00Z", distance_m=4000), "2024-02-01T10:00:00Z")
        self.send()
        rows = self.query("durations", partnership=self.partnership, published=True)["duos"]
        self.assertEqual([(row["n"], row["left_out"]) for row in rows], [(9, False)] + [(0, True)] * 4)
        self.refused("invalid", self.query, "durations", partnership=self.partnership, nis=OLEN, published=True)

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
        self.assertIn(f"{self.programme};5;Uren;;{OLEN};uur;1,5;;;", lines)
        self.assertIn(f"{self.programme};5;Oefenkansen: personen;;samen;persoon;2;;;", lines)
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
