#!/usr/bin/python3
"""Text messages over a real HTTP service: once each, tried again while it is away, given up when it refuses."""
import http.server
import json
import pathlib
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from letters import Scene, text  # noqa: E402
from waiting import eventually  # noqa: E402


class Phones(http.server.BaseHTTPRequestHandler):
    """Answers by turns what `answers` says, then 202; keeps what it was given."""
    answers, taken = [], []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.taken.append((self.headers, body))
        self.send_response(self.answers.pop(0) if self.answers else 202)
        self.end_headers()

    def log_message(self, *arguments):
        pass


class ByPhone(Scene):
    @classmethod
    def prepare(cls):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Phones)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        cls.environment = {"MAIL_URL": "smtp://127.0.0.1:9", "SMS_TOKEN": "let-me-send",
                           "SMS_URL": f"http://127.0.0.1:{server.server_port}/send"}

    def setUp(self):
        Phones.answers.clear()
        Phones.taken.clear()

    def enrolled(self):
        person_id, _ = self.person(channel="sms", phone="+32470123456", preferred_language="fr")
        self.enrol(person_id)
        return person_id

    def test_a_message_goes_to_the_service_once(self):
        person_id = self.enrolled()
        self.until(person_id, ("enrolled", "sent"))
        (headers, body), = Phones.taken
        message = self.messages(person_id)[0]
        self.assertEqual((body["id"], body["to"]), (message["message_id"], "+32470123456"))
        self.assertIn("Vous avez une place pour Praatpunt.", body["text"])
        self.assertEqual((headers["Authorization"], headers["Idempotency-Key"]), ("Bearer let-me-send", body["id"]))
        self.assertEqual(message["channel"], "sms")

    def test_it_is_tried_again_as_the_same_message_while_the_service_is_away(self):
        Phones.answers.extend([503, 401])
        person_id = self.enrolled()
        for tries in (1, 2):
            eventually(lambda: self.messages(person_id)[0]["attempts"] == tries and len(Phones.taken) == tries, what="a try")
            eventually(lambda: self.messages(person_id)[0]["due"] > text(self.now), what="a pause")
            self.until(person_id, ("enrolled", "queued"))
            self.later(hours=1)
        self.until(person_id, ("enrolled", "sent"))
        self.assertEqual(len(Phones.taken), 3)
        self.assertEqual(len({body["id"] for _, body in Phones.taken}), 1)

    def test_a_number_that_is_refused_fails_for_good(self):
        Phones.answers.append(422)
        person_id = self.enrolled()
        self.until(person_id, ("enrolled", "failed"))
        self.assertEqual(len(Phones.taken), 1)


class WithoutPhones(Scene):
    @classmethod
    def prepare(cls):
        mails = tempfile.TemporaryDirectory()
        cls.addClassCleanup(mails.cleanup)
        cls.environment = {"MAIL_URL": f"file://{mails.name}", "SMS_URL": ""}

    def test_who_chose_text_messages_gets_mail_and_the_figures_say_so(self):
        person_id, _ = self.person(channel="sms", phone="+32470123456")
        self.enrol(person_id)
        self.until(person_id, ("enrolled", "sent"))
        self.assertEqual(self.messages(person_id)[0]["channel"], "mail")


if __name__ == "__main__":
    unittest.main()
