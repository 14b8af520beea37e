#!/usr/bin/python3
"""Settings that are whole numbers: what is none, or beyond its limits, is refused at start, and says what it can be."""
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ministack import BUILD  # noqa: E402

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


if __name__ == "__main__":
    unittest.main()
