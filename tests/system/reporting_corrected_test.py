#!/usr/bin/python3
"""What is corrected in reporting: found, shown beside its result, and counted when it comes again."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import ROOT  # noqa: E402
from told_year import WithStandIns, new_id  # noqa: E402


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


if __name__ == "__main__":
    unittest.main()
