#!/usr/bin/python3
"""Letters into a folder: what people get to read, when, and once."""
import datetime
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from client import Refused  # noqa: E402
from letters import BRUSSELS, Scene, new_id, parse, part, text  # noqa: E402
from waiting import eventually  # noqa: E402


class ByFolder(Scene):
    @classmethod
    def prepare(cls):
        held = tempfile.TemporaryDirectory()
        cls.addClassCleanup(held.cleanup)
        cls.mails = pathlib.Path(held.name)
        cls.environment = {"MAIL_URL": f"file://{cls.mails}", "SMS_URL": f"file://{cls.mails}", "MERGE_MINUTES": "10"}

    def files(self):
        return {path.name: path.read_bytes() for path in self.mails.iterdir()}

    def test_what_happens_at_once_goes_in_one_mail_and_what_is_overtaken_in_none(self):
        newcomer, _ = self.person(preferred_language="uk")
        volunteer, _ = self.person()
        meeting = self.meeting(newcomer, volunteer)
        self.say("matching", "match-accepted", meeting["proposal_id"], proposal_id=meeting["proposal_id"],
                 partnership="asse", programme="asse-duo", newcomer_id=newcomer, volunteer_id=volunteer, nis="23002",
                 score=500, days=1)
        self.say("scheduling", "meeting-planned", meeting["meeting_id"], **meeting)
        self.enrol(newcomer)
        cancelled = {k: v for k, v in meeting.items() if k != "duration_minutes"}
        self.say("scheduling", "meeting-cancelled", meeting["meeting_id"], **cancelled, reason="coordinator")
        self.later(minutes=11)
        self.until(newcomer, ("match-accepted", "sent"), ("meeting-planned", "dropped"), ("enrolled", "merged"),
                   ("meeting-cancelled", "dropped"))
        by_template = {m["template"]: m for m in self.messages(newcomer)}
        carrier = by_template["match-accepted"]["message_id"]
        self.assertEqual(by_template["enrolled"]["merged_into"], carrier)
        self.assertNotIn("merged_into", by_template["meeting-planned"])
        mail = parse(self.files()[f"{carrier}.eml"])
        self.assertEqual(mail["Subject"], "2 berichten voor u | Повідомлень для вас: 2")
        self.assertIn("Goed nieuws: er is iemand voor u", part(mail, "plain"))
        self.assertIn("Praatpunt", part(mail, "plain"))
        self.assertNotIn("kennismaking op", part(mail, "plain"))
        sent, = [d for h, d in self.client.log("notifications")
                 if h["type"] == "koppel.notifications.message-sent.v1" and d["message_id"] == carrier]
        self.assertEqual(sent["merged"], 2)
        self.assertEqual(self.said(by_template["enrolled"]["message_id"]), ["message-queued", "message-merged"])

    def test_killed_while_they_wait_they_leave_once_and_in_one_letter(self):
        person_id, address = self.person(preferred_language="fr")
        self.enrol(person_id)
        self.stack.kill("notifications")
        self.stack.start("notifications")
        self.stack.wait_ready("notifications")
        self.enrol(person_id, venue="Bibliotheek")
        self.later(minutes=11)
        self.until(person_id, ("enrolled", "sent"), ("enrolled", "merged"))
        second, first = self.messages(person_id)
        self.assertEqual(second["merged_into"], first["message_id"])
        self.assertNotIn(f"{second['message_id']}.eml", self.files())
        mail = parse(self.files()[f"{first['message_id']}.eml"])
        self.assertEqual(mail["To"], address)
        for text_of_both in ("Praatpunt", "Huis van het Kind", "Bibliotheek", "Gemeente Asse"):
            self.assertIn(text_of_both, part(mail, "plain"))
        self.assertEqual(self.said(first["message_id"]), ["message-queued", "message-sent"])

    def test_who_met_again_is_not_asked_how_it_goes(self):
        newcomer, _ = self.person()
        volunteer, _ = self.person()
        duo = {"duo_id": new_id(), "partnership": "asse", "programme": "asse-duo", "newcomer_id": newcomer,
               "volunteer_id": volunteer, "nis": "23002"}
        self.say("matching", "duo-silent", duo["duo_id"], **duo, since=text(self.now), days=42)
        self.until(newcomer, ("duo-silent", "queued"))
        self.say("matching", "duo-resumed", duo["duo_id"], **duo, days=42)
        self.until(newcomer, ("duo-silent", "dropped"))
        self.say("matching", "duo-stopped", duo["duo_id"], **duo, reason="moved", newcomer_returns=False,
                 volunteer_returns=True, started=text(self.now), days=90, hours_total=20.5, contacts=9)
        self.later(minutes=11)
        self.until(newcomer, ("duo-silent", "dropped"), ("duo-stopped", "sent"))
        self.until(volunteer, ("duo-silent", "dropped"), ("duo-stopped-waiting", "sent"))

    def test_a_reminder_goes_to_who_is_expected(self):
        person_id, _ = self.person(preferred_language="en")
        series_id, _ = self.enrol(person_id)
        self.later(minutes=11)
        self.until(person_id, ("enrolled", "sent"))
        self.say("scheduling", "reminder-due", series_id, kind="session", session_id=new_id(), series_id=series_id,
                 partnership="asse", programme="asse-duo", nis="23002", at=text(self.now + datetime.timedelta(days=1)),
                 person_ids=[person_id, new_id()])
        self.later(minutes=11)
        self.until(person_id, ("enrolled", "sent"), ("session-reminder", "sent"))
        mail = parse(self.files()[f"{self.messages(person_id)[0]['message_id']}.eml"])
        self.assertEqual(mail["Subject"], "Praatpunt is binnenkort | Praatpunt is soon")

    def test_a_phone_gets_a_text_message(self):
        person_id, _ = self.person(channel="sms", phone="+32470123456", preferred_language="fr")
        self.enrol(person_id)
        self.later(minutes=11)
        self.until(person_id, ("enrolled", "sent"))
        content = self.files()[f"{self.messages(person_id)[0]['message_id']}.sms"].decode()
        self.assertIn("Vous avez une place pour Praatpunt.", content)

    def test_a_letter_that_fails_parks_nobody_else_s(self):
        """All of one moment, of whom one cannot get a letter."""
        people = [self.person()[0] for _ in range(3)]
        cause = new_id()
        self.say("scheduling", "series-created", cause, series_id=cause, partnership="asse", programme="asse-duo",
                 nis="23002", title="Praatpunt", rrule="FREQ=WEEKLY;BYDAY=TU", timezone="Europe/Brussels",
                 starts="2026-01-06T19:30", duration_minutes=90, capacity=10, venue="Kelder")
        self.say("scheduling", "reminder-due", cause, kind="session", session_id=new_id(), series_id=cause,
                 partnership="asse", programme="asse-duo", nis="23002", at=text(self.now + datetime.timedelta(days=1)),
                 person_ids=people)
        self.assertEqual(len({self.messages(one)[0]["due"] for one in people}), 1)
        barred = self.messages(people[0])[0]["message_id"]
        self.stack.postgres.psql(f"ALTER TABLE notifications.effect ADD CONSTRAINT barred CHECK (key <> '{barred}')", "koppel")
        try:
            self.later(minutes=11)
            for one in people[1:]:
                self.until(one, ("session-reminder", "sent"))
            dead = eventually(lambda: self.client.admin("notifications", "ADMIN", {"op": "dead-list"})["dead"],
                              what="a dead letter")
            self.assertEqual([one["source"] for one in dead], ["timer"])
            self.until(people[0], ("session-reminder", "queued"))
        finally:
            self.stack.postgres.psql("ALTER TABLE notifications.effect DROP CONSTRAINT barred", "koppel")
        self.client.admin("notifications", "ADMIN", {"op": "dead-retry", **{k: dead[0][k] for k in ("source", "seq", "event_id")}})
        self.until(people[0], ("session-reminder", "sent"))

    def test_quiet_hours_pass_first(self):
        """By the clock of the partnership: quiet begins an hour before now and ends two hours after."""
        person_id, _ = self.person()
        local = self.now.astimezone(BRUSSELS)
        begins, ends = local - datetime.timedelta(hours=1), local + datetime.timedelta(hours=2)
        self.command("set-quiet-hours", partnership="asse", **{"from": f"{begins:%H:%M}", "to": f"{ends:%H:%M}"})
        try:
            self.enrol(person_id)
            due = datetime.datetime.fromisoformat(self.messages(person_id)[0]["due"].replace("Z", "+00:00"))
            self.assertEqual(f"{due.astimezone(BRUSSELS):%H:%M}", f"{ends:%H:%M}")
            self.later(minutes=30)
            self.until(person_id, ("enrolled", "queued"))
            self.later(hours=2)
            self.until(person_id, ("enrolled", "sent"))
        finally:
            self.command("set-quiet-hours", partnership="asse", **{"from": "00:00", "to": "00:00"})

    def test_erasure_and_a_merge_reach_what_waits(self):
        gone, _ = self.person()
        self.enrol(gone)
        self.command("erase-person", service="registry", person_id=gone)
        self.until(gone, ("enrolled", "dropped"))
        keep, address = self.person()
        drop, _ = self.person(first_name="Amina")
        self.enrol(drop)
        self.command("merge-people", service="registry", keep_id=keep, drop_id=drop)
        self.stack.settled()
        self.later(minutes=11)
        self.until(keep, ("enrolled", "sent"))
        self.assertEqual(parse(self.files()[f"{self.messages(keep)[0]['message_id']}.eml"])["To"], address)

    def test_a_letter_whose_outcome_was_lost_does_not_outlive_its_person(self):
        """Written, and the process gone before that was noted; the person is erased meanwhile."""
        person_id, _ = self.person()
        self.enrol(person_id)
        letter = f"{self.messages(person_id)[0]['message_id']}.eml"
        with self.stack.locked("notifications.message"):
            self.client.admin("notifications", "RELEASE", {"now": self.in_us(minutes=11)})
            eventually(lambda: self.stack.psql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                                               "AND usename = 'notifications'") == "1", what="the outcome at the table")
            self.stack.kill("notifications")
        self.assertIn(letter, self.files())
        self.command("erase-person", service="registry", person_id=person_id)
        self.stack.start("notifications")
        self.stack.wait_ready("notifications")
        eventually(lambda: letter not in self.files(), what="the letter removed")

    def test_a_message_is_sent_again_when_asked(self):
        person_id, _ = self.person()
        self.enrol(person_id)
        first = self.messages(person_id)[0]["message_id"]
        with self.assertRaises(Refused) as refused:
            self.command("resend-message", message_id=first)
        self.assertEqual(refused.exception.status["status"], "conflict")
        self.later(minutes=11)
        self.until(person_id, ("enrolled", "sent"))
        again = self.command("resend-message", message_id=first)["message_id"]
        self.later(minutes=11)
        self.until(person_id, ("enrolled", "sent"), ("enrolled", "sent"))
        self.assertIn(f"{again}.eml", self.files())
        with self.assertRaises(Refused) as refused:
            self.command("resend-message", message_id=new_id())
        self.assertEqual(refused.exception.status["status"], "not-found")

    def test_who_was_not_reached_is_told_once_until_something_comes(self):
        def lost():
            page = self.client.query("notifications", "koppel.notifications.messages.v1", {"partnership": "asse", "lost": True})
            return [one["message_id"] for one in page["messages"] if one["person_id"] in (nowhere, unwilling)]

        nowhere = self.command("register-person", service="registry", postcode="1730", preferred_language="nl",
                               first_name="Ana", channel="mail")["person_id"]
        unwilling, _ = self.person()
        self.enrol(nowhere)
        self.later(minutes=11)
        for person_id in (nowhere, unwilling):
            self.enrol(person_id)
        self.command("withdraw-consent", service="registry", person_id=unwilling, purpose="contact")
        self.until(unwilling, ("enrolled", "failed"))
        self.assertEqual(self.messages(unwilling)[0]["fail_reason"], "no-consent")
        self.later(minutes=11)
        self.until(nowhere, ("enrolled", "failed"), ("enrolled", "failed"))
        last = self.messages(nowhere)[0]["message_id"]
        self.assertEqual(lost(), [last])

        self.command("change-profile", service="registry", person_id=nowhere, email="ana@example.be")
        self.stack.settled()
        again = self.command("resend-message", message_id=last)["message_id"]
        self.assertEqual(lost(), [], "it goes again")
        self.later(minutes=11)
        eventually(lambda: "message-sent" in self.said(again), what="it came")
        self.assertEqual(lost(), [])

        meeting = self.meeting(nowhere, self.person()[0])
        self.command("change-profile", service="registry", person_id=nowhere, channel="sms")
        self.enrol(nowhere)
        self.later(minutes=11)
        last = self.messages(nowhere)[0]["message_id"]
        self.say("scheduling", "meeting-planned", meeting["meeting_id"], **meeting)
        self.say("scheduling", "meeting-cancelled", meeting["meeting_id"],
                 **{key: value for key, value in meeting.items() if key != "duration_minutes"}, reason="coordinator")
        self.later(minutes=11)
        eventually(lambda: self.states(nowhere)[-2:] == [("meeting-planned", "dropped"), ("meeting-cancelled", "dropped")],
                   what="a talk that nobody needs to hear of")
        self.assertEqual(lost(), [last], "what was dropped reached nobody")

    def test_who_may_not_is_told_nothing_of_a_message(self):
        person_id, _ = self.person()
        meeting = self.meeting(person_id, self.person()[0])
        self.say("scheduling", "meeting-planned", meeting["meeting_id"], **meeting)
        message_id = self.messages(person_id)[0]["message_id"]
        for wait in ({"minutes": 0}, {"minutes": 11}, {"days": 4}):  # it waits, is sent, is over
            self.later(**wait)
            for within in ("partnership=middenkempen", "nis=23002"):
                for name, data in (("resend-message", {"message_id": message_id}),
                                   ("set-quiet-hours", {"partnership": "asse", "from": "00:00", "to": "00:00"}),
                                   ("set-quiet-hours", {"partnership": "nowhere", "from": "00:00", "to": "00:00"})):
                    with self.assertRaises(Refused) as refused:
                        self.client.command("notifications", f"koppel.notifications.{name}.v1", data, within=within)
                    self.assertEqual(refused.exception.status["status"], "denied", refused.exception.status)

    def test_counts_and_pages(self):
        person_id, _ = self.person(preferred_language="ti")
        for _ in range(3):
            self.enrol(person_id)
        page = {"person_id": person_id, "limit": 2}
        first = self.client.query("notifications", "koppel.notifications.messages.v1", page)
        rest = self.client.query("notifications", "koppel.notifications.messages.v1", {**page, "cursor": first["next"]})
        self.assertEqual([len(first["messages"]), len(rest["messages"])], [2, 1])
        counts = self.client.query("notifications", "koppel.notifications.message-counts.v1", {"partnership": "asse"})
        self.assertIn({"partnership": "asse", "language": "ti", "channel": "mail", "state": "queued", "n": 3},
                      counts["counts"])
        self.stack.psql("""INSERT INTO notifications.message
            (message_id, person_id, partnership, template, language, channel, cause_id, cause_type, about, queued, due, state, ended)
            SELECT gen_random_uuid(), gen_random_uuid(), 'p' || n, 'enrolled', 'nl', 'mail', n, 'enrolled', gen_random_uuid(), now(), now(), 'sent',
                now() FROM generate_series(1, 2000) AS n""")
        with self.assertRaises(Refused) as refused:
            self.client.query("notifications", "koppel.notifications.message-counts.v1", {})
        self.assertIn("name a partnership", refused.exception.status["text"])
        self.assertEqual(self.client.query("notifications", "koppel.notifications.message-counts.v1", {"partnership": "asse"}), counts)
        self.stack.psql("DELETE FROM notifications.message WHERE partnership LIKE 'p%'")
        hours = self.client.query("notifications", "koppel.notifications.quiet-hours.v1", {})
        self.assertEqual(hours["partnerships"], [{"partnership": "asse", "from": "00:00", "to": "00:00"}])


if __name__ == "__main__":
    unittest.main()
