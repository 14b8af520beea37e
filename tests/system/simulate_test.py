"""One parameter file for many municipalities: a log in order of time, the same twice, and nothing left beside it."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ministack import BUILD, ROOT  # noqa: E402

KOPPEL = BUILD / "bin/koppel"


class Everywhere(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-simulate-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        params = json.loads((ROOT / "data/scaled/flanders.json").read_text())
        params["everywhere"] = ["130", "44021"]
        params["to"] = "2015-06-30"
        params["duos"]["started"] = {"2015": 3}
        self.params = self.folder / "some.json"
        self.params.write_text(json.dumps(params))

    def simulate(self, name, *more):
        return subprocess.run([KOPPEL, "simulate", self.folder / name, self.params, *more], capture_output=True, text=True,
                              cwd=ROOT, timeout=120)

    def test_each_has_a_history_of_its_own_in_order_of_time(self):
        run = self.simulate("some.log")
        self.assertEqual(run.returncode, 0, run.stderr)
        cat = subprocess.run([KOPPEL, "log", "cat", self.folder / "some.log"], capture_output=True, text=True, check=True)
        records = [json.loads(line) for line in cat.stdout.splitlines()]
        self.assertEqual(run.stdout.split()[-2], str(len(records)))
        times = [record["header"]["time"] for record in records]
        self.assertEqual(times, sorted(times))
        formed = {record["data"]["partnership"]: record["data"]["lead_nis"] for record in records
                  if record["header"]["type"] == "koppel.registry.form-partnership.v1"}
        with open(ROOT / "data/places.csv") as places:
            wanted = {line.split(",")[2] for line in places if line.split(",")[2].startswith(("130", "44021"))}
        self.assertEqual(set(formed.values()), wanted)
        self.assertEqual(formed["gent"], "44021")
        self.assertEqual(len({json.dumps(record["header"]["id"]) for record in records}), len(records))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["some.json", "some.log"])

    def test_twice_the_same_bytes(self):
        for name in ("one.log", "other.log"):
            self.assertEqual(self.simulate(name).returncode, 0)
        self.assertEqual((self.folder / "one.log").read_bytes(), (self.folder / "other.log").read_bytes())

    def test_beside_another_file_it_is_refused(self):
        run = self.simulate("some.log", ROOT / "data/simulation/asse.json")
        self.assertEqual(run.returncode, 1)
        self.assertIn("name it alone", run.stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["some.json"])


if __name__ == "__main__":
    unittest.main()
