#!/usr/bin/python3
"""docs/first-duo.md as its reader follows it: from an empty stack to a duo that stops, and the next proposal."""
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import guide  # noqa: E402
from built import BUILD  # noqa: E402
from livestack import koppel  # noqa: E402
from ports import free_block  # noqa: E402



class FirstDuo(unittest.TestCase):
    def test_every_command_works_as_it_stands(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-first-", dir="/var/tmp"))
        stack = folder / "stack"
        os.chmod(folder, 0o755)
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.addCleanup(lambda: stack.exists() and koppel("down", "--dir", stack))  # where the page did not come so far
        told = guide.run("first-duo.md", {"$PWD/build/bin": f"{BUILD}/bin", "stack=var/first": f"stack={stack}",
                                          "--port 21080": f"--port {free_block(100)}"}).stdout
        self.assertIn("the two are proposed\n", told)
        self.assertRegex(told, r'\n\{"at":"[^"]+T1[78]:00:00Z","state":"planned"\}\n')  # a Tuesday at 19:00 in Belgium
        self.assertIn('\n{"state":"active","hours_total":1.5}\n', told)
        proposed = json.loads(re.findall(r'(?m)^\{"newcomer_id".*"score".*$', told)[-1])
        first = re.search(r'"volunteer_id":"([^"]+)"', told).group(1)
        self.assertNotEqual(proposed["volunteer_id"], first)
        self.assertIn('"overridden":["ended-badly"]', told)
        self.assertRegex(told, r'"request_id":"[^"]+","state":"open"')


if __name__ == "__main__":
    unittest.main()
