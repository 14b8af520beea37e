"""A service's SQL cannot take the names that libbus has in every service's schema."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Names(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "migrations").mkdir()

    def embed(self, migration, name="shop"):
        """What is said against it; "" when it is taken."""
        (self.folder / "migrations/0001_first.sql").write_text(migration)
        return subprocess.run([sys.executable, ROOT / "tools/embed_sql.py", name, self.folder, self.folder / "out"],
                              capture_output=True, text=True, check=False).stderr

    def test_every_table_and_view_of_the_library_is_refused(self):
        """As Postgres is told of them, however they are written."""
        texts = "".join(path.read_text() for path in (ROOT / "libbus/store/migrations").glob("*.sql"))
        tables = set(re.findall(r"CREATE (?:TABLE|VIEW) (\w+) ?(?:\(|AS)", texts))
        self.assertGreater(len(tables), 8)
        for table in tables:
            self.assertIn(f"{table} is a name of libbus", self.embed(f"CREATE TABLE {table} (id int);"))

    def test_the_kind_and_the_case_do_not_matter(self):
        for text in ("create table if not exists timer (id int);", "CREATE VIEW effect AS SELECT 1;",
                     "CREATE UNIQUE INDEX timer_due ON visit (id);", "CREATE OR REPLACE FUNCTION bus_own() RETURNS int AS ''",
                     "CREATE TABLE shop (id int);\n\n  CREATE TABLE bus_stop (id int);"):
            self.assertIn("is a name of libbus", self.embed(text), text)

    def test_other_names_are_taken(self):
        for text in ("CREATE TABLE timer_of_a_shop (id int);", "-- CREATE TABLE timer (id int);\nSELECT 1;",
                     "CREATE TABLE shop (timer int);"):
            self.assertEqual(self.embed(text), "", text)

    def test_a_service_cannot_pass_for_the_library(self):
        self.assertIn("bus_ are libbus's own", self.embed("SELECT 1;", "bus_stop"))


if __name__ == "__main__":
    unittest.main()
