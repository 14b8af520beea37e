#!/usr/bin/python3
"""Notifications with the real registry, a real mail server and a folder of mails: what people get to read, once."""
import asyncio
import datetime
import email
import email.policy
import os
import pathlib
import secrets
import signal
import stat
import sys
import tempfile
import threading
import time
import unittest
import uuid
import zoneinfo

from aiosmtpd.controller import Controller

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ministack import BUILD, MiniStack, Refused, eventually, free_ports  # noqa: E402

BRUSSELS = zoneinfo.ZoneInfo("Europe/Brussels")


def new_id():
    return str(uuid.uuid4())


def text(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(content):
    return email.message_from_bytes(content, policy=email.policy.default)


def part(mail, subtype):
    return mail.get_body(preferencelist=(subtype,)).get_content()


class Post:
    """What the mail server answers: by turns, then 250. It keeps everything it was given."""

    def __init__(self):
        self.answers, self.taken = [], []
        self.hold = threading.Event()
        self.hold.set()

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((envelope.rcpt_tos[0], parse(envelope.content)))
        while not self.hold.is_set():
            await asyncio.sleep(0.01)
        return self.answers.pop(0) if self.answers else "250 taken"


class Scene(unittest.TestCase):
    environment = {}

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"speakers-{os.getpid()}"
        programs = {name: BUILD / f"bin/koppel-{name}" for name in ("registry", "notifications")}
        programs.update({name: cls.speaker(name) for name in ("gateway", "matching", "scheduling")})
        cls.prepare()
        environment = {"INSZ_KEY": secrets.token_hex(32), "MERGE_MINUTES": "0", "MAIL_TLS": "never", **cls.environment}
        cls.stack = MiniStack(list(programs), programs, environment)
        cls.stack.__enter__()
        cls.addClassCleanup(cls.stack.__exit__)
        cls.client = cls.stack.client
        cls.ahead = datetime.timedelta()
        cls.command("form-partnership", service="registry", partnership="asse", name="Gemeente Asse", since="2012-01-01",
                    lead_nis="23002", municipalities=[{"nis": "23002"}])
        cls.command("configure-programme", service="registry", programme="asse-duo", partnership="asse",
                    kind="language-duo", name="Samen Inburgeren")
        cls.stack.settled()
        cls.command("set-quiet-hours", partnership="asse", **{"from": "00:00", "to": "00:00"})

    @classmethod
    def prepare(cls):
        """Before the stack starts."""

    @classmethod
    def speaker(cls, name):
        """A program that is the stand-in under this name."""
        cls.folder.mkdir(exist_ok=True)
        path = cls.folder / f"speaker-{name}"
        path.write_text(f"#!/bin/sh\nSPEAKER={name} exec {BUILD}/bin/test-speaker\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        cls.addClassCleanup(lambda: (path.unlink(), None if any(cls.folder.iterdir()) else cls.folder.rmdir()))
        return path

    @classmethod
    def command(cls, name, /, service="notifications", **data):
        return cls.client.command(service, f"koppel.{service}.{name}.v1", data)

    def person(self, **more):
        data = {"postcode": "1730", "preferred_language": "nl", "first_name": "Amina", "last_name": "Geheimdrager",
                "email": f"{uuid.uuid4().hex[:8]}@example.be", "channel": "mail", **more}
        person_id = self.command("register-person", service="registry", **data)["person_id"]
        return person_id, data["email"]

    def say(self, service, name, subject, /, **data):
        header = {"id": new_id(), "source": f"/{service}", "type": f"koppel.{service}.{name}.v1",
                  "specversion": "1.0", "subject": str(subject), "time": text(self.now)}
        self.stack.settled()
        self.client.command(service, "koppel.gateway.accept-events.v1", {"events": [{"header": header, "data": data}]})
        self.stack.settled()
        return header["id"]

    @property
    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + self.ahead

    def later(self, **much):
        type(self).ahead += datetime.timedelta(**much)
        now_us = time.time_ns() // 1000 + int(self.ahead.total_seconds()) * 1_000_000
        self.client.admin("notifications", "RELEASE", {"now": now_us})
        self.stack.settled()

    def enrol(self, person_id, venue="Huis van het Kind"):
        series_id = new_id()
        self.say("scheduling", "series-created", series_id, series_id=series_id, partnership="asse", programme="asse-duo",
                 nis="23002", title="Praatpunt", rrule="FREQ=WEEKLY;BYDAY=TU", timezone="Europe/Brussels",
                 starts="2026-01-06T19:30", duration_minutes=90, capacity=10, venue=venue)
        cause = self.say("scheduling", "enrolled", series_id, series_id=series_id, person_id=person_id,
                         partnership="asse", programme="asse-duo", nis="23002")
        return series_id, cause

    def meeting(self, newcomer, volunteer, **more):
        meeting_id = new_id()
        return {"meeting_id": meeting_id, "proposal_id": new_id(), "partnership": "asse", "programme": "asse-duo",
                "newcomer_id": newcomer, "volunteer_id": volunteer, "nis": "23002",
                "at": text(self.now + datetime.timedelta(days=3)), "duration_minutes": 60, **more}

    def messages(self, person_id):
        return self.client.query("notifications", "koppel.notifications.messages.v1", {"person_id": person_id})["messages"]

    def states(self, person_id):
        """(template, state) of a person's messages, oldest first."""
        return [(m["template"], m["state"]) for m in reversed(self.messages(person_id))]

    def said(self, message_id):
        return [h["type"].split(".")[2] for h, d in self.client.log("notifications") if d.get("message_id") == message_id]

    def until(self, person_id, *wanted):
        eventually(lambda: self.states(person_id) == list(wanted),
                   what=f"{wanted}, not {self.states(person_id)}")


class ByServer(Scene):
    @classmethod
    def prepare(cls):
        cls.post = Post()
        port, = free_ports(1)
        cls.server = Controller(cls.post, hostname="127.0.0.1", port=port)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        cls.environment = {"MAIL_URL": f"smtp://127.0.0.1:{port}", "MAIL_FROM": "koppel@example.be"}

    def setUp(self):
        self.post.answers.clear()
        self.post.taken.clear()

    def test_an_event_becomes_a_mail(self):
        person_id, address = self.person()
        _, cause = self.enrol(person_id)
        self.until(person_id, ("enrolled", "sent"))
        (to, mail), = self.post.taken
        self.assertEqual(to, address)
        self.assertEqual(mail["Subject"], "U doet mee met Praatpunt")
        self.assertIn("Waar: Huis van het Kind.", part(mail, "plain"))
        self.assertIn("Dag Amina,", part(mail, "plain"))
        self.assertIn("<div dir=\"ltr\" lang=\"nl\">", part(mail, "html"))
        message, = self.messages(person_id)
        self.assertEqual(mail["Message-ID"], f"<{message['message_id']}@example.be>")
        self.assertEqual((message["cause_id"], message["cause_type"]), (cause, "koppel.scheduling.enrolled.v1"))
        self.assertEqual(self.said(message["message_id"]), ["message-queued", "message-sent"])

    def test_arabic_reads_from_right_to_left_and_dutch_from_left(self):
        newcomer, _ = self.person(preferred_language="ar", first_name="أمينة")
        volunteer, _ = self.person()
        meeting = self.meeting(newcomer, volunteer, place_kind="library")
        self.say("scheduling", "meeting-planned", meeting["meeting_id"], **meeting)
        self.until(newcomer, ("meeting-planned", "sent"))
        self.until(volunteer, ("meeting-planned", "sent"))
        mail, = [mail for _, mail in self.post.taken if "|" in mail["Subject"]]
        at = datetime.datetime.fromisoformat(meeting["at"].replace("Z", "+00:00")).astimezone(BRUSSELS)
        self.assertIn("<div dir=\"rtl\" lang=\"ar\">", part(mail, "html"))
        self.assertIn(f"<bdi dir=\"ltr\">{at:%H:%M}</bdi>", part(mail, "html"))
        self.assertIn(f"\u2066{at:%H:%M}\u2069", part(mail, "plain"))
        self.assertIn(f"om {at:%H:%M}.", part(mail, "plain"))
        self.assertIn("Waar: de bibliotheek.", part(mail, "plain"))

    def test_later_is_tried_again_and_never_is_given_up(self):
        person_id, _ = self.person()
        self.post.answers[:] = ["451 later", "250 taken"]
        self.enrol(person_id)
        eventually(lambda: self.messages(person_id)[0]["attempts"] == 1 and len(self.post.taken) == 1, what="one try")
        self.until(person_id, ("enrolled", "queued"))
        eventually(lambda: self.messages(person_id)[0]["due"] > text(self.now), what="a pause")
        self.later(minutes=2)
        self.until(person_id, ("enrolled", "sent"))
        first, second = [mail["Message-ID"] for _, mail in self.post.taken]
        self.assertEqual(first, second)
        self.assertEqual(self.messages(person_id)[0]["attempts"], 2)

        self.post.answers[:] = ["550 no such person"]
        person_id, _ = self.person()
        self.enrol(person_id)
        self.until(person_id, ("enrolled", "failed"))
        message, = self.messages(person_id)
        self.assertEqual((message["fail_reason"], message["attempts"]), ("refused", 1))

    def test_eight_tries_are_enough(self):
        person_id, _ = self.person()
        self.post.answers[:] = ["451 later"] * 8
        self.enrol(person_id)
        for tries in range(1, 8):
            eventually(lambda: self.messages(person_id)[0]["attempts"] == tries and
                       self.messages(person_id)[0]["due"] > text(self.now), what=f"try {tries}")
            self.later(hours=25)
        self.until(person_id, ("enrolled", "failed"))
        message, = self.messages(person_id)
        self.assertEqual((message["fail_reason"], message["attempts"]), ("unreachable", 8))
        self.assertEqual(len(self.post.taken), 8)

    def test_without_tls_nothing_leaves_unless_it_is_allowed(self):
        person_id, _ = self.person()
        def restart(tls):
            self.stack.kill("notifications")
            self.stack.environment["MAIL_TLS"] = tls
            self.stack.start("notifications")
            self.stack.wait_ready("notifications")
        restart("always")
        try:
            self.enrol(person_id)
            eventually(lambda: self.messages(person_id)[0]["attempts"] == 1 and
                       self.messages(person_id)[0]["due"] > text(self.now), what="a try")
            self.assertEqual(self.post.taken, [])
        finally:
            restart("never")
        self.later(minutes=2)
        self.until(person_id, ("enrolled", "sent"))

    def test_stopped_while_the_server_is_silent_it_is_sent_later(self):
        person_id, _ = self.person()
        self.post.hold.clear()
        self.enrol(person_id)
        eventually(lambda: len(self.post.taken) == 1, what="the mail at the server")
        began = time.monotonic()
        self.assertEqual(self.stack.kill("notifications", signal.SIGTERM), 0)
        self.assertLess(time.monotonic() - began, 7)
        self.assertNotIn("cut off", self.stack.log_tail("notifications", 3))
        self.post.hold.set()
        self.stack.start("notifications")
        self.stack.wait_ready("notifications")
        self.until(person_id, ("enrolled", "sent"))
        self.assertEqual(self.said(self.messages(person_id)[0]["message_id"]), ["message-queued", "message-sent"])

    def test_killed_while_the_server_has_the_mail_it_is_said_sent_once(self):
        person_id, address = self.person()
        self.post.hold.clear()
        self.enrol(person_id)
        eventually(lambda: len(self.post.taken) == 1, what="the mail at the server")
        self.stack.kill("notifications")
        self.post.hold.set()
        self.stack.start("notifications")
        self.stack.wait_ready("notifications")
        self.until(person_id, ("enrolled", "sent"))
        self.assertEqual({to for to, _ in self.post.taken}, {address})
        self.assertEqual(len({mail["Message-ID"] for _, mail in self.post.taken}), 1)
        self.assertEqual(len({mail.as_bytes() for _, mail in self.post.taken}), 1)
        self.assertEqual(self.said(self.messages(person_id)[0]["message_id"]), ["message-queued", "message-sent"])

    def test_killed_while_a_letter_travels_what_comes_meanwhile_goes_in_the_next(self):
        person_id, _ = self.person()
        self.post.hold.clear()
        self.enrol(person_id)
        eventually(lambda: len(self.post.taken) == 1, what="the mail at the server")
        self.stack.kill("notifications")
        self.stack.start("notifications")
        self.stack.wait_ready("notifications")
        self.enrol(person_id, venue="Bibliotheek")
        self.post.hold.set()
        self.until(person_id, ("enrolled", "sent"), ("enrolled", "sent"))
        letters = {mail["Message-ID"]: part(mail, "plain") for _, mail in self.post.taken}
        self.assertEqual(len(letters), 2)
        self.assertEqual(sum("Bibliotheek" in words for words in letters.values()), 1)
        for message in self.messages(person_id):
            self.assertEqual(self.said(message["message_id"]), ["message-queued", "message-sent"])

    def test_who_cannot_or_will_not_be_written_to_gets_nothing(self):
        nowhere = self.command("register-person", service="registry", postcode="1730", preferred_language="fr",
                               first_name="Ana", channel="mail")["person_id"]
        self.enrol(nowhere)
        self.until(nowhere, ("enrolled", "failed"))
        message, = self.messages(nowhere)
        self.assertEqual((message["fail_reason"], message["attempts"]), ("no-address", 0))
        silent, _ = self.person(channel="none")
        unwilling, _ = self.person()
        self.command("withdraw-consent", service="registry", person_id=unwilling, purpose="contact")
        erased, _ = self.person()
        self.command("erase-person", service="registry", person_id=erased)
        for person_id in (silent, unwilling, erased):
            self.enrol(person_id)
            self.assertEqual(self.messages(person_id), [])
        self.assertEqual(self.post.taken, [])

    def test_nothing_personal_is_kept(self):
        person_id, address = self.person(phone="+32470123456")
        self.enrol(person_id)
        self.until(person_id, ("enrolled", "sent"))
        dump = self.stack.psql("SELECT string_agg(t::text, ' ') FROM notifications.message t") + self.stack.psql(
            "SELECT string_agg(t::text, ' ') FROM notifications.person t") + str(self.client.log("notifications"))
        log = (self.stack.folder / "notifications.log").read_text()
        for secret in (address, "Geheimdrager", "Amina", "470123456"):
            self.assertNotIn(secret, dump + log)


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
        self.until(newcomer, ("match-accepted", "sent"), ("meeting-planned", "dropped"), ("enrolled", "dropped"),
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

    def test_killed_while_they_wait_they_leave_once_and_in_one_letter(self):
        person_id, address = self.person(preferred_language="fr")
        self.enrol(person_id)
        self.stack.kill("notifications")
        self.stack.start("notifications")
        self.stack.wait_ready("notifications")
        self.enrol(person_id, venue="Bibliotheek")
        self.later(minutes=11)
        self.until(person_id, ("enrolled", "sent"), ("enrolled", "dropped"))
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
        hours = self.client.query("notifications", "koppel.notifications.quiet-hours.v1", {})
        self.assertEqual(hours["partnerships"], [{"partnership": "asse", "from": "00:00", "to": "00:00"}])


if __name__ == "__main__":
    unittest.main()
