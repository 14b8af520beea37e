"""The log is trimmed by whole partitions, never beyond what a known reader has read; who comes too late is told."""
import json
import os
import subprocess
import unittest

from ledger import BUILD, MiniStack, Refused

from waiting import eventually

SERVICES = ["source", "drain"]
PROGRAMS = {name: BUILD / f"bin/ledger-{name}" for name in SERVICES}
PARTITION = 100


class Trim(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(MiniStack(SERVICES, PROGRAMS, {"BUS_LOG_PARTITION": str(PARTITION), "BUS_LOG_KEEP_DAYS": "2"}))
        self.client = self.stack.client
        peers = ";".join(f"{one}={self.stack.events[one]},{self.stack.requests[one]}" for one in SERVICES)
        self.environment = {**os.environ, "KOPPEL_PEERS": peers, "KOPPEL_KEYS_DIR": str(self.stack.keys)}

    def koppel(self, *args, status=0):
        """A service that is away is named, and makes the status 1: what the others say is told all the same."""
        done = subprocess.run([BUILD / "bin/koppel", *map(str, args)], env=self.environment, capture_output=True,
                              text=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def emit(self, n):
        for _ in range(n // 50):
            self.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": 49}, seconds=20)
        return self.client.admin("source", "STATUS")["head"]

    def has_read(self, seq):
        return eventually(lambda: any(one["reader"] == "drain" and one["seq"] == seq for one in self.readers()),
                          what=f"the reader at {seq}")

    def readers(self):
        return json.loads(self.koppel("readers", "--json", status=self.away()).stdout)

    def kept(self):
        return eventually(lambda: self.stack.psql("SELECT seq FROM source.reader_position"), what="a position kept")

    def grow_old(self, upto):
        self.stack.psql(f"UPDATE source.event_log SET recorded = recorded - interval '3 days' WHERE seq <= {upto}")

    def trim(self):
        return json.loads(self.koppel("trim", "--json", status=self.away()).stdout)["source"]["first"]

    def away(self):
        return int("drain" not in self.stack.processes)

    def events(self):
        """What the log holds from its beginning on, by a FETCH; of dropped partitions no run is left."""
        first = self.client.admin("source", "STATUS")["first"]
        self.assertEqual(self.stack.psql(f"SELECT count(*) FROM source.event_log WHERE seq < {first}"), "0")
        seqs = [header["seq"] for header, _ in self.client.log("source", after=first - 1)]
        return f"{seqs[0]}-{seqs[-1]} {len(seqs)}"

    def test_old_partitions_go_and_young_ones_stay(self):
        head = self.emit(500)
        self.has_read(head)
        eventually(lambda: self.kept() == str(head), what="the position kept")
        self.assertEqual(self.trim(), 1)
        self.grow_old(250)
        self.assertEqual(self.trim(), 200)
        self.assertEqual(self.events(), f"200-{head} {head - 199}")
        self.assertEqual(self.client.admin("source", "STATUS")["first"], 200)
        self.grow_old(head)
        # Also when all is old: the partition at the head is not yet whole, and the reader's last event stays.
        self.assertEqual(self.trim(), head // PARTITION * PARTITION)
        more = self.emit(300)
        self.has_read(more)
        self.assertEqual(self.events(), f"{head // PARTITION * PARTITION}-{more} {more - head // PARTITION * PARTITION + 1}")
        self.stack.kill("source")
        self.stack.start("source")
        self.stack.wait_ready("source")
        last = self.emit(50)
        self.has_read(last)
        self.assertEqual(self.stack.psql("SELECT max(seq) FROM drain.drained"), str(last))

    def test_a_reader_that_is_away_is_waited_for(self):
        here = self.emit(150)
        self.has_read(here)
        eventually(lambda: self.kept() == str(here), what="the position kept")
        self.stack.kill("drain")
        head = self.emit(600)
        self.grow_old(head)
        self.assertEqual(self.trim(), here // PARTITION * PARTITION)
        self.stack.kill("source")
        self.stack.start("source")
        self.stack.wait_ready("source")
        self.assertEqual(self.trim(), here // PARTITION * PARTITION)
        self.stack.start("drain")
        self.has_read(head)
        self.assertEqual(self.stack.psql("SELECT count(*), max(seq) FROM drain.drained"),
                         f"{self.stack.psql('SELECT sum(n) FROM source.emitted')}|{head}")
        eventually(lambda: self.kept() == str(head), what="the position kept")
        self.assertEqual(self.trim(), head // PARTITION * PARTITION)

    def test_one_that_was_forgotten_is_told(self):
        here = self.emit(150)
        self.has_read(here)
        self.stack.kill("drain")
        head = self.emit(600)
        self.grow_old(head)
        refused = self.koppel("readers", "forget", "source", "nobody", status=1)
        self.assertIn("no reader of that name", refused.stderr)
        self.koppel("readers", "forget", "source", "drain")
        self.assertEqual(self.readers(), [])
        first = self.trim()
        self.assertGreater(first, here + 1)
        self.stack.start("drain")
        eventually(lambda: "BUS-TRIMMED" in self.stack.log_tail("drain"), what="the reader being told")
        states = {f["stream"]: f["state"] for f in self.client.admin("drain", "STATUS")["follows"]}
        self.assertEqual(states, {"source": "trimmed"})
        self.assertEqual(self.stack.psql("SELECT max(seq) FROM drain.position"), str(here))
        with self.assertRaises(Refused) as told:
            self.client.admin("source", "FETCH", {"req": 1, "epoch": 1, "after": 0})
        self.assertIn(f"starts at {first}", str(told.exception))
        # A recording says what it lacks, and what a replay of it can give, and has the rest.
        out = self.stack.folder / "part.log"
        done = self.koppel("record", out)
        self.assertIn("clocks of this stack ran by themselves", done.stdout)
        self.assertIn(f"source keeps its events from {first} on; those from 1 to {first - 1} were trimmed", done.stderr)
        recorded = [json.loads(line)["header"] for line in self.koppel("log", "cat", out).stdout.splitlines()]
        self.assertEqual([one["seq"] for one in recorded if one["stream"] == "source"], list(range(first, head + 1)))

    def test_a_backup_under_way_is_not_waited_for(self):
        head = self.emit(300)
        self.has_read(head)
        eventually(lambda: self.kept() == str(head), what="the position kept")
        self.grow_old(head)
        holder = subprocess.Popen(["psql", "-h", str(self.stack.folder), "-U", "admin", "-d", "koppel", "-XAtq"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        holder.stdin.write("BEGIN; LOCK TABLE source.event_log IN ACCESS SHARE MODE; SELECT 'held';\n")
        holder.stdin.flush()
        self.assertEqual(holder.stdout.readline(), "held\n")
        self.assertEqual(self.trim(), 1)
        self.assertEqual(self.emit(50), head + 50)  # and the service goes on
        holder.communicate("ROLLBACK;\n")
        self.assertEqual(self.trim(), head // PARTITION * PARTITION)


if __name__ == "__main__":
    unittest.main()
