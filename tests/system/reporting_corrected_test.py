#!/usr/bin/python3
"""What is corrected in reporting: found, shown beside its result, and counted when it comes again."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import ROOT  # noqa: E402
from told_year import HERENTALS, WithStandIns, new_id  # noqa: E402


class Corrected(WithStandIns):
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

    def withdraw(self, person_id, at="2024-03-05T18:30:00Z", programme=None, hours=2):
        self.say("scheduling", "attendance-withdrawn", person_id, "2024-06-03T10:00:00Z", session_id=new_id(), series_id=new_id(),
                 person_id=person_id, programme=programme or self.programme, nis=HERENTALS, at=at, hours=hours)

    def figures(self, **more):
        """Of all programmes together."""
        rows = self.query("report", partnership=self.partnership, **(more or {"project_year": 2024}))["rows"]
        return tuple(sum(row["amount"] for row in rows if "nis" not in row and row["figure"] == figure)
                     for figure in ("practice-persons", "practice-attendances", "hours"))

    def test_an_attendance_that_was_none_leaves_no_trace_in_the_figures(self):
        """Whoever is counted for another time counts from then, by that time's own event; ticked and unticked again, it is exact."""
        march, june, autumn = "2024-03-05T18:30:00Z", "2024-06-04T18:30:00Z", "2024-10-01T18:30:00Z"
        one, other = self.person(), self.person()
        self.attend(other, march)
        self.attend(one, march)
        later = self.attend(one, autumn, hours=1)
        self.attend(one, june)
        self.send()
        self.assertEqual(self.figures(), (2, 4, 7))
        self.withdraw(one, march)
        self.withdraw(self.person(), march)  # nothing was counted of them
        self.send()
        self.assertEqual(self.figures(), (2, 3, 5))
        spring, summer = {"from": "2024-01-01", "to": "2024-03-31"}, {"from": "2024-04-01", "to": "2024-06-30"}
        self.assertEqual((self.figures(**spring), self.figures(**summer)), ((1, 1, 2), (1, 1, 2)))
        self.withdraw(one, june)
        self.send()
        self.assertEqual((self.figures(), self.figures(**summer)), ((2, 2, 3), (0, 0, 0)))
        counted = [r["event_id"] for r in self.trace("practice-persons", **{"from": "2024-10-01", "to": "2024-10-31"})]
        self.assertEqual(counted, [later])
        self.attend(one, march)
        self.withdraw(one, autumn, hours=1)
        self.send()
        self.assertEqual((self.figures(), self.figures(**spring)), ((2, 2, 4), (2, 2, 4)))
        self.withdraw(one, march)
        self.withdraw(other, march)
        self.send()
        self.assertEqual(self.figures(), (0, 0, 0))
        reasons = {r["correction"] for r in self.trace("hours", project_year=2024) if r["kind"] == "corrected"}
        self.assertEqual(reasons, {"not-there"})

    def test_an_attendance_that_was_none_after_other_corrections(self):
        """An officer's own amount and a merge came before it; each programme and action keeps its count."""
        keep, drop = self.person(), self.person()
        second = self.programme + "2"
        self.configure(second)
        self.attend(keep)
        self.attend(drop, "2024-04-02T18:30:00Z", programme=second)
        self.send()
        hours, = [r["result_id"] for r in self.trace("hours", project_year=2024, programme=self.programme)]
        self.command("correct-result", result_id=hours, amount=1.5, reason="wrong-amount")
        self.say("registry", "person-merged", keep, "2024-05-01T09:00:00Z", keep_id=keep, drop_id=drop)
        self.send()
        self.assertEqual(self.figures(), (1, 2, 3.5))
        self.withdraw(keep)
        self.send()
        self.assertEqual(self.figures(), (1, 1, 2))
        self.assertEqual(self.figures(project_year=2024, programme=second), (1, 1, 2))
        self.withdraw(keep, "2024-04-02T18:30:00Z", programme=second)
        self.send()
        self.assertEqual(self.figures(), (0, 0, 0))
        self.attend(keep, "2024-04-09T18:30:00Z")
        self.send()
        self.assertEqual(self.figures(), (1, 1, 2))

    def test_an_attendance_that_was_none_in_a_closed_year_is_late(self):
        one = self.person()
        self.attend(one)
        self.send()
        self.command("close-report", partnership=self.partnership, project_year=2024)
        self.withdraw(one)
        self.withdraw(one)  # once more changes nothing
        self.send()
        self.assertEqual(self.figures(), (1, 1, 2))
        for figure, amount in (("practice-persons", 1), ("practice-attendances", 1), ("hours", 2)):
            lines = sorted((r["late"], r["kind"], r["amount"]) for r in self.trace(figure, project_year=2024))
            self.assertEqual(lines, [(False, "counted", amount), (True, "corrected", -amount)])
        self.attend(one, "2024-03-12T18:30:00Z")
        self.withdraw(one, "2024-03-12T18:30:00Z")
        self.send()
        self.assertEqual(self.figures(), (1, 1, 2))
        late = [r["amount"] for r in self.trace("practice-persons", project_year=2024) if r["late"]]
        self.assertEqual(sum(late), -1)


if __name__ == "__main__":
    unittest.main()
