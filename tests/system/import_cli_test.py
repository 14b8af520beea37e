#!/usr/bin/python3
"""koppel import: a CSV file as people have it, told line by line; all of them or nobody."""
import os
import pathlib
import secrets
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ministack import BUILD, STAND_IN, MiniStack  # noqa: E402

GOOD = "\ufeffvoornaam;naam;postcode;voorkeurtaal;e-mail\r\nFatma;Yıldız;1730;tr;fatma@example.org\r\nJan;Peeters;1731;nl;\r\n"


class Import(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = MiniStack(["gateway", "registry"], {"gateway": STAND_IN, "registry": BUILD / "bin/koppel-registry"},
                              {"INSZ_KEY": secrets.token_hex(32)})
        cls.stack.__enter__()
        cls.addClassCleanup(cls.stack.__exit__)
        cls.stack.client.command("registry", "koppel.registry.form-partnership.v1", {
            "partnership": "asse", "name": "Asse", "since": "2012-01-01", "lead_nis": "23002",
            "municipalities": [{"nis": "23002"}]})

    def run_import(self, content, *more):
        path = self.stack.folder / "people.csv"
        path.write_bytes(content)
        peers = f"registry={self.stack.events['registry']},{self.stack.requests['registry']}"
        return subprocess.run([BUILD / "bin/koppel", "import", path, "--partnership", "asse", *more], text=True,
                              capture_output=True, timeout=60,
                              env={**os.environ, "KOPPEL_PEERS": peers, "KOPPEL_KEYS_DIR": str(self.stack.keys)})

    def people(self):
        return int(self.stack.psql("SELECT count(*) FROM registry.person"))

    def test_a_good_file_is_tried_taken_and_then_known(self):
        before = self.people()
        tried = self.run_import(GOOD.encode(), "--dry-run")
        self.assertEqual((tried.returncode, tried.stdout, self.people()),
                         (0, "2 lines are good; nobody is imported yet\n", before), tried.stderr)
        taken = self.run_import(GOOD.encode())
        self.assertEqual((taken.returncode, taken.stdout, self.people()), (0, "2 people are registered\n", before + 2))
        self.assertRegex(self.run_import(GOOD.encode(), "--dry-run").stdout, r"(?m)^line 2 may be [0-9a-f-]{36}, who is registered: same ")

    def test_a_bad_file_is_told_by_line_and_changes_nothing(self):
        before = self.people()
        bad = self.run_import(GOOD.replace("1731;nl", "1731;").replace("fatma@", "fatma").encode())
        self.assertEqual((bad.returncode, bad.stdout, self.people()), (1, "", before))
        self.assertRegex(bad.stderr, r"(?m)^\S+people\.csv, line 2, email: ")
        self.assertRegex(bad.stderr, r"(?m)^\S+people\.csv, line 3, preferred_language: ")
        self.assertIn("nobody is imported: 2 faults in 2 lines", bad.stderr)
        for content, words in ((GOOD.encode("utf-16"), "is not UTF-8"), (b"a" * 60001, "split it"), (b"", "")):
            refused = self.run_import(content)
            self.assertEqual((refused.returncode, refused.stdout), (1, ""), words)
            self.assertIn(words, refused.stderr)
        self.assertEqual(self.people(), before)


if __name__ == "__main__":
    unittest.main()
