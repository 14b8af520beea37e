"""Every coded error has its entry in the runbook, and the runbook has no entry for a code that is gone."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Runbook(unittest.TestCase):
    def test_codes_and_entries_are_the_same(self):
        sources = [path for folder in ("libbus", "services", "cli") for path in (ROOT / folder).rglob("*.[ch]")]
        codes = {code for path in sources for code in re.findall(r"\bBUS-[A-Z]+(?:-[A-Z]+)*\b", path.read_text())}
        entries = set(re.findall(r"^## (BUS-\S+)", (ROOT / "docs/runbook.md").read_text(), re.M))
        self.assertGreater(len(codes), 5)
        self.assertEqual(codes, entries)


if __name__ == "__main__":
    unittest.main()
