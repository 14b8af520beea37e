#!/usr/bin/python3
"""koppel up with the real services: what keeps one from its database."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from livestack import KOPPEL, Stack, koppel  # noqa: E402
from ministack import free_block  # noqa: E402


class Up(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-up-", dir="/var/tmp"))
        os.chmod(folder, 0o755)
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.stack = Stack(folder / "stack")
        self.addCleanup(koppel, "down", "--dir", self.stack.folder)
        self.port = str(free_block(100))

    def up(self):
        return subprocess.run([KOPPEL, "up", "--dir", self.stack.folder, "--port", self.port], capture_output=True, text=True, timeout=180)

    def test_a_database_that_refuses_a_service(self):
        self.assertEqual(self.up().returncode, 0)
        self.stack.psql("ALTER ROLE reporting CONNECTION LIMIT 0")
        koppel("down", "--dir", self.stack.folder)
        done = self.up()
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), done.stderr)
        self.assertRegex(done.stderr, 'koppel up again: reporting is not ready: .*too many connections for role "reporting" .*log/reporting.log')
        self.assertIn("no stack was running", koppel("down", "--dir", self.stack.folder))


if __name__ == "__main__":
    unittest.main()
