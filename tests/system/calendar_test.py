#!/usr/bin/python3
"""Calendar feeds: a program that follows one sees every change of what is theirs."""
import datetime
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from agenda import Agenda, text  # noqa: E402
from client import Refused  # noqa: E402


def stamp(time):
    return time.replace("-", "").replace(":", "")


class Calendars(Agenda):
    def link(self, person_id):
        return self.command("issue-calendar-link", person_id=person_id)["token"]

    def events_of(self, token):
        """uid → the properties of its event."""
        ics = self.query("calendar", token=token)["ics"].replace("\r\n ", "")
        self.assertNotIn("METHOD", ics)
        self.assertIn("REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n", ics)
        found = [dict(line.split(":", 1) for line in event.split("\r\n")[1:-1])
                 for event in ics.split("BEGIN:VEVENT")[1:] for event in [event.split("END:VEVENT")[0]]]
        for event in found:
            self.assertEqual(event["DTSTAMP"], event["LAST-MODIFIED"])
        return {event["UID"]: event for event in found}

    def talk(self, token):
        event, = self.events_of(token).values()
        return event

    def test_a_talk_held_early_falls_at_its_planned_time(self):
        pair = self.accept()
        links = [self.link(pair[side]) for side in ("newcomer_id", "volunteer_id")]
        planned = self.talk(links[0])
        self.assertEqual((planned["STATUS"], planned["SEQUENCE"]), ("CONFIRMED", "0"))
        self.later(hours=1)
        self.command("hold-meeting", proposal_id=pair["proposal_id"], outcome="start")
        for link in links:
            after = self.talk(link)
            self.assertEqual((after["UID"], after["DTSTART"]), (planned["UID"], planned["DTSTART"]))
            self.assertEqual((after["STATUS"], after["SEQUENCE"]), ("CANCELLED", "1"))
            self.assertGreater(after["DTSTAMP"], planned["DTSTAMP"])

    def test_a_talk_held_in_its_time_or_without_a_plan_took_place(self):
        pair = self.accept()
        link = self.link(pair["newcomer_id"])
        self.command("move-meeting", proposal_id=pair["proposal_id"], at=text(self.now + datetime.timedelta(hours=1)))
        self.later(hours=2)
        self.command("hold-meeting", proposal_id=pair["proposal_id"], outcome="no-show")
        self.assertEqual(self.talk(link)["STATUS"], "CONFIRMED")
        self.command("hold-meeting", proposal_id=pair["proposal_id"], outcome="start")
        self.assertEqual([event["STATUS"] for event in self.events_of(link).values()], ["CONFIRMED"] * 2)

    def test_a_talk_that_moved_is_the_same_event_at_another_time(self):
        pair = self.accept()
        link = self.link(pair["volunteer_id"])
        before = self.talk(link)
        at = text(self.now + datetime.timedelta(days=9))
        self.later(hours=1)
        self.command("move-meeting", proposal_id=pair["proposal_id"], at=at, duration_minutes=30)
        after = self.talk(link)
        self.assertEqual((after["UID"], after["DTSTART"], after["SEQUENCE"], after["STATUS"]),
                         (before["UID"], stamp(at), "1", "CONFIRMED"))
        self.assertGreater(after["DTSTAMP"], before["DTSTAMP"])

    def test_a_talk_falls_with_its_proposal_and_with_the_other(self):
        for name, more in (("match-withdrawn", {"reason": "rested"}), ("match-expired", {"valid_until": text(self.now)}),
                           ("match-declined", {"by": "newcomer", "reason": "other", "after_meeting": False})):
            pair = self.accept()
            link = self.link(pair["newcomer_id"])
            self.say("matching", name, pair["proposal_id"], **pair, **more)
            self.assertEqual((self.talk(link)["STATUS"], self.talk(link)["SEQUENCE"]), ("CANCELLED", "1"), name)
        pair = self.accept()
        links = [self.link(pair[side]) for side in ("newcomer_id", "volunteer_id")]
        self.say("registry", "person-erased", pair["volunteer_id"], person_id=pair["volunteer_id"], partnership="test")
        self.assertEqual(self.talk(links[0])["STATUS"], "CANCELLED")
        with self.assertRaises(Refused):
            self.query("calendar", token=links[1])

    def test_a_date_of_a_series_falls_alone(self):
        series, person = self.series(), self.person()
        self.command("enrol", series_id=series, person_id=person)
        link = self.link(person)
        before = self.events_of(link)
        self.later(minutes=1)
        self.command("cancel-session", series_id=series, on_date=self.day(7), reason="holiday")
        after = self.events_of(link)
        changed = [uid for uid in after if after[uid] != before[uid]]
        self.assertEqual([(after[uid]["STATUS"], after[uid]["SEQUENCE"]) for uid in changed], [("CANCELLED", "1")])
        self.assertEqual(set(after), set(before))
        self.command("unenrol", series_id=series, person_id=person)
        self.assertEqual(self.events_of(link), {})

    def test_a_series_they_only_wait_for_is_not_in_it_until_they_move_up(self):
        first, me = self.person(), self.person()
        series = self.series(capacity=1)
        for person_id in (first, me):
            self.command("enrol", series_id=series, person_id=person_id)
        token = self.link(me)
        self.assertEqual(self.events_of(token), {})
        self.assertNotEqual(self.events_of(self.link(first)), {})
        self.command("unenrol", series_id=series, person_id=first)
        self.assertNotEqual(self.events_of(token), {})

    def test_both_links_of_merged_people_open_one_calendar(self):
        series, keep, drop = self.series(), self.person(), self.person()
        self.command("enrol", series_id=series, person_id=drop)
        pair = self.accept(newcomer_id=keep)
        links = [self.link(keep), self.link(drop)]
        self.say("registry", "person-merged", keep, keep_id=keep, drop_id=drop, partnership="test")
        kept, dropped = map(self.events_of, links)
        self.assertEqual(kept, dropped)
        self.assertIn("Kennismakingsgesprek", [event["SUMMARY"] for event in dropped.values()])
        self.assertIn("Praatpunt", [event["SUMMARY"] for event in dropped.values()])
        fresh = self.link(drop)
        for link in links:
            with self.assertRaises(Refused):
                self.query("calendar", token=link)
        self.say("registry", "person-erased", keep, person_id=keep, partnership="test")
        with self.assertRaises(Refused):
            self.query("calendar", token=fresh)
        self.assertEqual(self.stack.psql("SELECT count(*) FROM scheduling.calendar_link WHERE person_id IN "
                                         f"('{keep}', '{drop}')"), "0")
        self.assertIsNotNone(pair)

    def test_an_erased_person_leaves_no_link_of_who_was_merged_into_them(self):
        keep, drop = self.person(), self.person()
        link = self.link(drop)
        self.say("registry", "person-merged", keep, keep_id=keep, drop_id=drop, partnership="test")
        self.assertEqual(self.events_of(link), {})
        self.say("registry", "person-erased", keep, person_id=keep, partnership="test")
        with self.assertRaises(Refused):
            self.query("calendar", token=link)
        self.assertEqual(self.stack.psql(f"SELECT count(*) FROM scheduling.calendar_link WHERE person_id = '{drop}'"), "0")


if __name__ == "__main__":
    unittest.main()
