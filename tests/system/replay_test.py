"""A recorded log replayed gives the known state, twice, however the services interleave; and recordings replay too.

After a change that is meant to alter rows or events: UPDATE=1 writes the new hashes to tests/data/duo-loop.hashes.
The log itself is of `koppel simulate tests/data/duo-loop.log tests/data/duo-loop.json`.
"""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import said  # noqa: E402
from built import BUILD, ROOT  # noqa: E402

KOPPEL = BUILD / "bin/koppel"
LOG = ROOT / "tests/data/duo-loop.log"
HASHES = ROOT / "tests/data/duo-loop.hashes"
MEANT = """.
If your change is meant to alter events or rows: UPDATE=1 tests/system/replay_test.py writes the hashes anew. To see what differs,
with the programs of before and with yours:
  koppel up --conducted --dir A; koppel replay tests/data/duo-loop.log --dir A; koppel record A.log --dir A; koppel log diff A.log B.log"""


def koppel(*arguments):
    run = subprocess.run([KOPPEL, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT, timeout=300)
    if run.returncode != 0:
        raise AssertionError(f"koppel {arguments[0]} failed: {run.stderr.strip() or run.stdout.strip()}")
    return run.stdout


class Shaker(threading.Thread):
    """Stops and continues random services, so that they interleave in ways they would not by themselves."""

    def __init__(self, folder, seed):
        super().__init__()
        self.folder, self.random, self.done = folder, random.Random(seed), threading.Event()
        self.stopped = 0

    def run(self):
        while not self.done.wait(self.random.uniform(0.005, 0.05)):
            pids = [int(path.read_text().split()[0]) for path in (self.folder / "run").glob("*.pid")
                    if path.stem not in ("supervisor", "postgres")]
            if not pids:
                continue
            pid = self.random.choice(pids)
            try:
                os.kill(pid, signal.SIGSTOP)
                self.done.wait(self.random.uniform(0.001, 0.1))
            finally:
                os.kill(pid, signal.SIGCONT)
            self.stopped += 1


class Replay(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-replay-", dir="/var/tmp"))
        os.chmod(self.folder, 0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def play(self, name, log, seed=None):
        """Plays a log into a fresh stack; what was refused, and the hashes."""
        folder = self.folder / name
        koppel("up", "--conducted", "--dir", folder)
        self.addCleanup(koppel, "down", "--dir", folder)
        shaker = Shaker(folder.resolve(), seed) if seed is not None else None
        if shaker:
            shaker.start()
        try:
            told = koppel("replay", log, "--dir", folder)
        finally:
            if shaker:
                shaker.done.set()
                shaker.join()
        if shaker:
            self.assertGreater(shaker.stopped, 5, "the services were not disturbed")
        self.assertNotIn("refused", told)
        return json.loads(koppel("state-hash", "--json", "--dir", folder))

    def assert_same(self, one, other, services=None, but=(), hint=""):
        differ = {service: tables for service in services or one
                  if (tables := [table for table, digest in one[service]["tables"].items()
                                 if table not in but and other[service]["tables"].get(table) != digest])}
        self.assertEqual(differ, {}, f"services, and their tables that differ{hint}")

    def test_twice_the_same_and_the_known_state(self):
        first = self.play("first", LOG)
        shaken = self.play("shaken", LOG, seed=int(os.environ.get("SEED", "4")))
        self.assert_same(first, shaken)
        if os.environ.get("UPDATE"):
            HASHES.write_text(json.dumps(first, indent=1, sort_keys=True) + "\n")
        self.assert_same(json.loads(HASHES.read_text()), first, hint=MEANT)

    def test_a_recording_of_a_stack_replays_to_the_same_duos(self):
        original = self.play("original", LOG)
        recording = self.folder / "recording.log"
        self.assertIn("the same rows of what was played", koppel("record", recording, "--dir", self.folder / "original"))
        koppel("log", "verify", recording)
        self.assert_told(recording)
        # A recording is played moment by moment, the log day by day: what had been read at each event may differ,
        # and messages find no address, as a recording holds no personal data.
        self.assert_same(original, self.play("copy", recording), ["gateway", "matching", "scheduling"], but=["event_log"])

    def assert_told(self, recording):
        headers = [json.loads(line)["header"] for line in koppel("log", "cat", recording).splitlines()]
        commands = said.said(headers)
        self.assertGreater(sum(len(names) > 0 for names in commands.values()), 15, commands)
        self.assertEqual(said.untold(headers), {}, "what commands said is not in their x-said")

    def refused(self, *arguments):
        run = subprocess.run([KOPPEL, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT, timeout=300)
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        return run.stderr

    def now(self, folder):
        port, token = json.loads((folder / "stack.json").read_text())["port"], (folder / "secrets/token").read_text().strip()
        ask = urllib.request.Request(f"http://127.0.0.1:{port}/v1/own-token", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(ask, timeout=60) as answer:
            return json.loads(answer.read())["now"]

    def test_clocks_stand_where_nothing_was_played_and_never_go_back(self):
        folder, empty = self.folder / "early", self.folder / "empty.log"
        koppel("up", "--conducted", "--dir", folder)
        self.addCleanup(koppel, "down", "--dir", folder)
        empty.write_bytes(LOG.read_bytes().split(b"\n")[0] + b"\n")
        for nothing in ([empty], [LOG, "--until", "2022-12-31"]):
            self.assertIn("nothing of the log was played", self.refused("replay", *nothing, "--dir", folder))
        koppel("replay", LOG, "--hold", "--until", "2023-05-01", "--dir", folder)
        koppel("replay", LOG, "--until", "2023-02-01", "--dir", folder)
        self.assertGreater(self.now(folder), "2023-04")

    def test_a_pace_that_cannot_be_kept_is_told(self):
        for pace in ("0", "-1", "1e-300", "1e300", "inf", "nan", "fast", "2x"):
            told = subprocess.run([KOPPEL, "replay", LOG, "--speed", pace], capture_output=True, text=True, timeout=60)
            self.assertEqual((told.returncode, told.stdout), (2, ""), pace)
            self.assertIn("times true pace: 0.001 to 1000000", told.stderr)

    def test_a_log_that_was_cut_says_so_and_plays_what_is_whole(self):
        torn = self.folder / "torn.log"
        torn.write_bytes(LOG.read_bytes()[:-7])
        cat = subprocess.run([KOPPEL, "log", "verify", torn], capture_output=True, text=True, timeout=60)
        self.assertEqual(cat.returncode, 1)
        self.assertIn("torn", cat.stderr)
        koppel("up", "--conducted", "--dir", self.folder / "cut")
        self.addCleanup(koppel, "down", "--dir", self.folder / "cut")
        self.assertIn("is torn", self.refused("replay", torn, "--dir", self.folder / "cut"))
        people = json.loads(koppel("call", "people", '{"partnership": "testlings"}', "--dir", self.folder / "cut"))
        self.assertTrue(people["people"], people)
        bent = bytearray(LOG.read_bytes())
        bent[len(bent) // 2] ^= 1
        torn.write_bytes(bent)
        cat = subprocess.run([KOPPEL, "log", "verify", torn], capture_output=True, text=True, timeout=60)
        self.assertEqual(cat.returncode, 1)
        self.assertIn("checksum", cat.stderr)


if __name__ == "__main__":
    unittest.main()
