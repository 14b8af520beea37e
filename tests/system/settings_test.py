#!/usr/bin/python3
"""Settings that cannot be are refused at start, in words that say what they can be."""
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402

NEEDED = {"BUS_DATABASE": "host=/nowhere", "BUS_BIND_EVENTS": "tcp://127.0.0.1:9", "BUS_BIND_REQUESTS": "tcp://127.0.0.1:9",
          "BUS_KEYS_DIR": "/nowhere", "MAIL_URL": "file:///nowhere"}


class Settings(unittest.TestCase):
    def refusal(self, service, **settings):
        run = subprocess.run([BUILD / f"bin/koppel-{service}"], env={**NEEDED, **settings}, capture_output=True, text=True,
                             timeout=30)
        self.assertEqual(run.returncode, 2, run.stderr)
        return run.stderr

    def test_what_is_no_whole_number_within_its_limits_is_refused(self):
        for service, name, limits, wrong in (("reporting", "PROJECT_YEAR_MONTH", "1 to 12", ("september", "0", "13", "9th", "")),
                                             ("notifications", "MERGE_MINUTES", "0 to 10080", ("ten", "-1", "10081", "1.5", ""))):
            for value in wrong:
                told = self.refusal(service, **{name: value})
                self.assertIn("BUS-SETTING", told)
                self.assertIn(name, told)
                self.assertIn(limits, told)

    def test_what_is_none_of_a_few_words_is_refused(self):
        for service, name, words, wrong in (("reporting", "BUS_LOG_LEVEL", "error, warn, info or debug", ("loud", "INFO", "")),
                                            ("reporting", "BUS_STANDBY", "0 or 1", ("yes", "01", "")),
                                            ("reporting", "BUS_CLOCK", "wall or conducted", ("sundial", "")),
                                            ("notifications", "MAIL_TLS", "always or never", ("perhaps", "Never", ""))):
            for value in wrong:
                self.assertIn(f'BUS-SETTING: {name} is "{value}"; it can be {words}', self.refusal(service, **{name: value}))

    def test_where_mail_goes_is_one_of_three(self):
        for url in ("", "mail.example.be:25", "http://mail.example.be", "smtp://", "file://", "smtps:mail.example.be"):
            told = self.refusal("notifications", MAIL_URL=url)
            self.assertIn("BUS-SETTING", told)
            self.assertIn("MAIL_URL is not smtps://host:port", told)

    def test_phone_numbers_do_not_leave_the_machine_in_the_clear(self):
        for url in ("http://sms.example.be/send", "sms.example.be/send", "ftp://sms.example.be", "http://localhost.example.be/"):
            told = self.refusal("notifications", SMS_URL=url)
            self.assertIn("BUS-SETTING", told)
            self.assertIn(f"SMS_URL is {url}", told)


if __name__ == "__main__":
    unittest.main()
