#!/usr/bin/python3
"""Letters over a real mail server: tried again, given up, and the same letter wherever it may arrive twice."""
import asyncio
import datetime
import pathlib
import signal
import sys
import tempfile
import threading
import time
import unittest

from aiosmtpd.controller import Controller

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from letters import BRUSSELS, Scene, parse, part, text  # noqa: E402
from ports import free_ports  # noqa: E402
from waiting import eventually  # noqa: E402


HANGS_UP = None  # takes the mail and says nothing


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
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer is HANGS_UP:
            server.transport.abort()
        return answer or "250 taken"


class ByServer(Scene):
    @classmethod
    def prepare(cls):
        cls.post = Post()
        port, = free_ports(1)
        cls.server = Controller(cls.post, hostname="127.0.0.1", port=port)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        held = tempfile.TemporaryDirectory()
        cls.addClassCleanup(held.cleanup)
        cls.folder = pathlib.Path(held.name)
        cls.environment = {"MAIL_URL": f"smtp://127.0.0.1:{port}", "MAIL_FROM": "koppel@example.be",
                           "SMS_URL": f"file://{cls.folder}"}

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
        self.assertIn(f"<bdi dir=\"ltr\">{at.hour}:{at:%M}</bdi>", part(mail, "html"))
        self.assertIn(f"\u2066{at.hour}:{at:%M}\u2069", part(mail, "plain"))
        self.assertIn(f"om {at.hour} uur." if at.minute == 0 else f"om {at.hour}.{at:%M} uur.", part(mail, "plain"))
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

    def test_what_is_no_longer_so_when_the_server_says_later_is_not_tried_again(self):
        newcomer, _ = self.person()
        volunteer, _ = self.person()
        meeting = self.meeting(newcomer, volunteer)
        self.post.answers[:] = ["451 later"] * 2
        self.post.hold.clear()
        self.say("scheduling", "meeting-planned", meeting["meeting_id"], **meeting)
        eventually(lambda: len(self.post.taken) == 1, what="the mail at the server")
        held = {key: value for key, value in meeting.items() if key != "duration_minutes"}
        self.say("scheduling", "meeting-held", meeting["meeting_id"], **held, outcome="no-show")
        self.post.hold.set()
        for person_id in (newcomer, volunteer):
            self.until(person_id, ("meeting-planned", "dropped"))

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
        self.assertLess(time.monotonic() - began, 10)
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

    def test_killed_after_the_server_took_it_the_same_letter_goes_once_more(self):
        """Between the server's 250 and the commit: the outcome is known and cannot be written when the process dies."""
        person_id, address = self.person()
        self.post.hold.clear()
        self.enrol(person_id)
        eventually(lambda: len(self.post.taken) == 1, what="the mail at the server")
        self.assertEqual(self.stack.psql("SELECT count(*) FROM notifications.effect"), "1", "noted before it left")
        with self.stack.locked("notifications.message"):
            self.post.hold.set()
            eventually(lambda: self.stack.psql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                                               "AND usename = 'notifications'") == "1", what="the outcome at the table")
            self.stack.kill("notifications")
        self.stack.start("notifications")
        self.stack.wait_ready("notifications")
        self.until(person_id, ("enrolled", "sent"))
        self.assertEqual([to for to, _ in self.post.taken], [address] * 2)
        first, second = [mail.as_bytes() for _, mail in self.post.taken]
        self.assertEqual(first, second)
        self.assertEqual(self.said(self.messages(person_id)[0]["message_id"]), ["message-queued", "message-sent"])
        self.assertEqual(self.stack.psql("SELECT count(*) FROM notifications.effect"), "0")

    def test_a_letter_without_an_answer_goes_again_as_it_was(self):
        person_id, _ = self.person()
        self.post.answers[:] = [HANGS_UP, HANGS_UP]
        self.enrol(person_id)
        self.until(person_id, ("enrolled", "sent"))
        self.assertEqual(len({mail.as_bytes() for _, mail in self.post.taken}), 1)
        self.assertEqual((len(self.post.taken), self.messages(person_id)[0]["attempts"]), (3, 3))

        person_id, _ = self.person()
        self.post.answers[:] = [HANGS_UP] * 3
        self.enrol(person_id)
        eventually(lambda: self.messages(person_id)[0]["due"] > text(self.now), what="a pause after three tries")
        self.assertEqual((len(self.post.taken), self.messages(person_id)[0]["attempts"]), (6, 3))
        self.later(minutes=31)
        self.until(person_id, ("enrolled", "sent"))

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

    def test_what_travels_while_its_person_is_erased_is_forgotten_when_it_has_arrived(self):
        person_id, _ = self.person()
        self.post.hold.clear()
        self.addCleanup(self.post.hold.set)
        self.enrol(person_id)
        eventually(lambda: len(self.post.taken) == 1, what="the mail at the server")
        self.command("erase-person", service="registry", person_id=person_id)
        erased = f"SELECT erased FROM notifications.person WHERE person_id = '{person_id}'"
        eventually(lambda: self.stack.psql(erased) == "t", what="the erasure heard")
        self.assertEqual(self.states(person_id), [("enrolled", "queued")])
        letter = self.folder / f"{self.messages(person_id)[0]['message_id']}.sms"  # where such a letter may stand
        letter.write_text("a letter")
        self.post.hold.set()
        self.until(person_id, ("enrolled", "sent"))
        eventually(lambda: not letter.exists(), what="the letter removed")

    def test_nothing_personal_is_kept(self):
        person_id, address = self.person(phone="+32470123456")
        self.enrol(person_id)
        self.until(person_id, ("enrolled", "sent"))
        dump = self.stack.psql("SELECT string_agg(t::text, ' ') FROM notifications.every_message t") + self.stack.psql(
            "SELECT string_agg(t::text, ' ') FROM notifications.person t") + str(self.client.log("notifications"))
        log = (self.stack.folder / "notifications.log").read_text()
        for secret in (address, "Geheimdrager", "Amina", "470123456"):
            self.assertNotIn(secret, dump + log)


if __name__ == "__main__":
    unittest.main()
