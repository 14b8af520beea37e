"""The C that is made: as the golden files have it, without warnings, and with tables that fit the structs."""
import os
import shutil
import subprocess
import unittest
from pathlib import Path

from schemas import FILES
from support import ROOT, SchemaCase

import emit_c

GOLDEN = Path(__file__).parent / "golden"
FLAGS = ["-std=gnu17", "-Wall", "-Wextra", "-Wshadow", "-Wstrict-prototypes", "-Wconversion", "-Wno-sign-conversion",
         "-Werror", f"-I{ROOT / 'libbus' / 'include'}"]


class MadeC(SchemaCase):
    def setUp(self):
        super().setUp()
        self.made = emit_c.generate(self.sound(FILES))

    def test_golden(self):
        """After a wanted change: KEEP=1 python3 tests/schema/c_test.py, and read the difference."""
        for name in ("common.h", "common.c", "demo.h", "demo.c", "registry.c"):
            path = GOLDEN / name
            if os.environ.get("KEEP"):
                path.parent.mkdir(exist_ok=True)
                path.write_text(self.made[name], encoding="utf-8")
            with self.subTest(name):
                self.assertEqual(self.made[name], path.read_text(encoding="utf-8"))

    def test_files(self):
        self.assertEqual(sorted(self.made), sorted(
            f"{home}.{kind}" for home in ("all", "common", "demo", "other-one", "registry") for kind in "ch"))

    def test_it_compiles_and_its_tables_hold(self):
        out = self.folder / "schema"
        for name, text in self.made.items():
            out.mkdir(exist_ok=True)
            (out / name).write_text(text, encoding="utf-8")
        compilers = [each for each in ("gcc", "clang") if shutil.which(each)]
        self.assertTrue(compilers)
        for compiler in compilers:
            program = self.folder / compiler
            sources = sorted(str(out / name) for name in self.made if name.endswith(".c"))
            built = subprocess.run([compiler, *FLAGS, f"-I{self.folder}", "-o", str(program),
                                    str(Path(__file__).parent / "tables.c"), *sources],
                                   capture_output=True, text=True, check=False)
            self.assertEqual((built.returncode, built.stderr), (0, ""), compiler)
            ran = subprocess.run([str(program)], capture_output=True, text=True, check=False, timeout=30)
            self.assertEqual((ran.returncode, ran.stderr), (0, ""), compiler)

    def test_nothing_is_written_again_for_nothing(self):
        root, _ = self.write(FILES)
        out = self.folder / "out"
        self.assertEqual(self.run_tool("c", root, out).returncode, 0)
        for path in out.iterdir():
            os.utime(path, (1, 1))
        path = root / "demo" / "end-it.v2.json"
        path.write_text(path.read_text().replace("Do something", "Do another thing"))
        self.assertEqual(self.run_tool("c", root, out).returncode, 0)
        changed = sorted(path.name for path in out.iterdir() if path.stat().st_mtime > 1)
        self.assertEqual(changed, ["demo.c", "demo.h", "help.c"])

    def test_literals(self):
        for text, wanted in (('a"b', '"a\\"b"'), ("a\\b", '"a\\\\b"'), ("x\n", '"x\\n"'), ("??=", '"?\\?="'),
                             ("é", '"é"')):
            self.assertEqual(emit_c.literal(text), wanted)
        self.assertEqual(emit_c.integer(-(2**63)), "INT64_MIN")
        self.assertEqual([emit_c.number(each) for each in (1, 0.5, 1e30)], ["1.0", "0.5", "1e+30"])


if __name__ == "__main__":
    unittest.main()
