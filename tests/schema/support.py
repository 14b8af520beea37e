"""Folders of schemas for tests. A line that ends in `#! words` is a fault the compiler must find there, and the
mark is taken off before the file is written: so each case shows what is wrong, where, and what is said about it."""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "schema"
sys.path.insert(0, str(TOOL))

from load import load  # noqa: E402

URI = "https://json-schema.org/draft/2020-12/schema"
MARK = re.compile(r"[ ]*#! (.*)$")


def event(properties, required="[]", extra=""):
    """An event around properties, which begin on line 8."""
    return f'''{{
  "$schema": "{URI}",
  "title": "Something happened",
  "description": "It did.",
  "x-kind": "event", {extra}
  "type": "object", "additionalProperties": false, "required": {required},
  "properties": {{
{properties}
  }}
}}
'''


def command(properties="", reply='"properties": {}', required="[]", kind="command", extra=""):
    """A command or query, and what stands in its reply."""
    return f'''{{
  "$schema": "{URI}",
  "title": "Do something",
  "description": "It is done.",
  "x-kind": "{kind}", {extra}
  "type": "object", "additionalProperties": false, "required": {required},
  "properties": {{
{properties}
  }},
  "x-reply": {{"type": "object", "additionalProperties": false, {reply}}}
}}
'''


def common(definitions):
    """A common file around definitions, which begin on line 4."""
    return f'{{"$schema": "{URI}",\n  "title": "Shared",\n  "$defs": {{\n{definitions}\n}}}}\n'


class SchemaCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = Path(made.name)

    def write(self, files, under="schemas"):
        """Writes {path: text}; gives the folder, and the faults that are marked in it."""
        root = self.folder / under
        wanted = []
        for name, text in files.items():
            lines = []
            for number, line in enumerate(text.split("\n"), 1):
                found = MARK.search(line)
                if found:
                    wanted += [f"{name}:{number}: {words}" for words in found[1].split(" #! ")]
                    line = line[:found.start()]
                lines.append(line)
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines), encoding="utf-8")
        return root, sorted(wanted)

    def sound(self, files, under="schemas"):
        root, _ = self.write(files, under)
        schemas, faults = load(root)
        self.assertEqual(faults.lines(), [])
        return schemas

    def assert_faults(self, files):
        """The faults found are the ones marked, no more, no fewer."""
        root, wanted = self.write(files)
        _, faults = load(root)
        found = sorted(line.replace(f"{root}{os.sep}", "").replace(f"{root}:", ":") for line in faults.lines())
        self.assertEqual(found, wanted)
        self.assertTrue(wanted, "the case marks no fault")

    def run_tool(self, *arguments):
        return subprocess.run([sys.executable, "-B", str(TOOL / "compile.py"), *map(str, arguments)],
                              capture_output=True, text=True, check=False)
