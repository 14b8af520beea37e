#!/usr/bin/python3
"""What counts in reporting, how often, and of whom: people once, attendances each time, two entries of one person once."""
import collections
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from told_year import HERENTALS, LILLE, OLEN, WithStandIns, new_id  # noqa: E402
from waiting import eventually  # noqa: E402


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
