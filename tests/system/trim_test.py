"""A whole stack that keeps its log for a day, in small partitions: what is gone is said, and the loop goes on."""
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest
import urllib.error

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from livestack import LOG, Stack, koppel  # noqa: E402
from waiting import eventually  # noqa: E402


class Trim(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-trim-", dir="/var/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        os.chmod(self.folder, 0o755)
        self.stack = Stack(self.folder / "stack")
        settings = {"BUS_LOG_PARTITION": "20", "BUS_LOG_KEEP_DAYS": "1"}
        os.environ.update(settings)
        self.addCleanup(lambda: [os.environ.pop(name) for name in settings])
        koppel("replay", LOG, "--fresh", self.stack.folder)
        self.addCleanup(koppel, "down", "--dir", self.stack.folder)

    def all_told(self):
        """Every service that follows a stream has told its source that it has read to the head."""
        readers = json.loads(koppel("readers", "--json", "--dir", self.stack.folder))
        follows = {(one["service"], source["stream"]) for one in self.stack.status() for source in one["follows"]}
        return {(one["reader"], one["service"]) for one in readers if one["lag"] == 0} == follows

    def test_what_is_gone_is_said(self):
        stack = self.stack
        eventually(lambda: stack.live() and self.all_told(), 60, "all read and told")
        figures = stack.psql("SELECT count(*), min(seq) FROM reporting.result WHERE stream = 'matching'")
        stack.psql("UPDATE matching.event_log SET recorded = recorded - interval '2 days'")
        def trimmed():
            return json.loads(koppel("trim", "--json", "--dir", stack.folder))["matching"]
        told = eventually(lambda: trimmed()["first"] > 100 and trimmed(), what="positions kept, and the log trimmed")
        self.assertEqual((told["first"] % 20, told["head"] - told["first"] < 40), (0, True))
        with self.assertRaises(urllib.error.HTTPError) as gone:
            stack.ask("/v1/events?stream=matching&after=0")
        self.assertEqual(gone.exception.code, 410)
        self.assertIn(f"starts at {told['first']}", gone.exception.read().decode())
        events = stack.ask(f"/v1/events?stream=matching&after={told['first'] - 1}")
        self.assertIn(f'"seq":{told["first"]}', json.dumps(events, separators=(",", ":")))
        # The figures, and from which event each comes, are rows of reporting's own.
        self.assertEqual(stack.psql("SELECT count(*), min(seq) FROM reporting.result WHERE stream = 'matching'"), figures)
        self.assertLess(int(figures.split("|")[1]), told["first"])
        koppel("down", "--dir", stack.folder)
        koppel("up", "--dir", stack.folder)
        eventually(stack.live, 60, "all services live")
        one = stack.refer()
        eventually(lambda: one in stack.referrals(), what="the loop going on")


if __name__ == "__main__":
    unittest.main()
