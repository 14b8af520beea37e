#!/usr/bin/python3
"""Readers from outside whose stream ends before what they read, since a backup was put back: each is told so."""
import concurrent.futures
import http.client
import os
import pathlib
import re
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import ROOT  # noqa: E402
from client import Refused  # noqa: E402
from edge import Edge, event  # noqa: E402
from waiting import eventually  # noqa: E402


RESTORED = ROOT / "deploy/restored.sql"
# How to run it, as the instructions have it: the arguments of psql.
TOLD = re.findall(r"psql (.*)-d koppel < deploy/restored\.sql",
                  "".join((ROOT / name).read_text() for name in ("deploy/README.md", "docs/runbook.md")))


class Behind(Edge):
    def register(self, n):
        for _ in range(n):
            self.expect(200, self.send("POST", "/v1/commands/register-person", {
                "partnership": "asse", "postcode": "1730", "preferred_language": "ar"}))

    def head(self):
        return int(self.stack.psql("SELECT last_seq FROM registry.stream_head"))

    def read(self, after, **headers):
        return self.send("GET", f"/v1/events?stream=registry&after={after}", **headers)

    def tool(self, name, *arguments):
        postgres = self.stack.postgres
        return subprocess.run([f"{postgres.bin}/{name}", "-h", str(postgres.folder), "-U", "admin", *arguments, "koppel"],
                              check=True, capture_output=True, text=True, cwd="/").stdout

    def put_back(self, backup):
        raised = int(self.stack.psql("SELECT epoch FROM registry.stream_head"))
        self.stack.kill("registry")
        self.stack.psql("DROP SCHEMA registry CASCADE")
        restored = self.stack.folder / "restored.sql"
        restored.write_text(backup)
        self.tool("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", str(restored))
        eventually(lambda: time.time() > raised // 10**6 + 1, what="another second: within one the order is by lot")
        self.assertEqual(self.run_restored(TOLD[0], RESTORED.read_text().replace(  # of it alone: the others go on, and would stop
            "relname = 'stream_head'", "oid = 'registry.stream_head'::regclass")), (0, ""))
        self.stack.start("registry")

    def run_restored(self, options, script=RESTORED.read_text(), database="koppel", **environment):
        postgres = self.stack.postgres
        run = subprocess.run([f"{postgres.bin}/psql", "-h", str(postgres.folder), "-U", "admin", *options.split(), "-d", database],
                             input=script, capture_output=True, text=True, cwd="/", env={**os.environ, **environment})
        return run.returncode, run.stderr

    def test_epochs_that_cannot_be_raised_are_no_success(self):
        self.assertEqual(len(TOLD), 3)
        for options in TOLD:
            code, told = self.run_restored(options, PGOPTIONS="-c default_transaction_read_only=on")
            self.assertIn("read-only", told)
            self.assertEqual(code, 3)
            code, told = self.run_restored(options, database="postgres")
            self.assertIn("no stream", told)
            self.assertEqual(code, 3)

    def test_two_restores_of_one_backup_have_not_the_same_epoch(self):
        def psql(sql):
            return self.stack.postgres.psql(sql, "elsewhere")
        self.stack.psql("CREATE DATABASE elsewhere TEMPLATE postgres")
        psql("CREATE TABLE stream_head (epoch bigint, lease_epoch bigint)")
        for backup in (1, 5 * 10**15):  # the latter was put back when the clock was a century ahead
            raised = set()
            for _ in range(4):
                psql(f"TRUNCATE stream_head; INSERT INTO stream_head VALUES ({backup}, 7)")
                self.assertEqual(self.run_restored(TOLD[0], database="elsewhere"), (0, ""))
                raised.add(int(psql("SELECT epoch FROM stream_head")))
            self.assertEqual(len(raised), 4)
            self.assertGreater(min(raised), max(backup, (time.time() - 3600) * 10**6))
            self.assertLess(max(raised), 2**53)  # what every reader of JSON can hold

    @staticmethod
    def within(seconds, function):
        """What it returns or raises. It is waited for in a thread of its own, as heartbeats keep it reading."""
        pool = concurrent.futures.ThreadPoolExecutor(1)
        try:
            return pool.submit(function).result(seconds)
        finally:
            pool.shutdown(wait=False)

    def refused(self, answer, head):
        problem = self.expect(409, answer).json
        self.assertEqual(problem["code"], "BUS-DIVERGED")
        self.assertIn(f"this log ends at {head}", problem["detail"])
        self.assertIn("a number of another one?", problem["detail"])
        self.assertIn("backup", problem["detail"])

    def test_what_lies_beyond_the_end_is_refused(self):
        head = self.head()
        self.assertEqual(self.expect(200, self.read(head)).json, [])
        for headers in ({}, {"Accept": "text/event-stream"}):
            self.refused(self.read(head + 1, **headers), head)
        self.refused(self.read(0, Accept="text/event-stream", Last_Event_ID=str(head + 1)), head)
        with self.assertRaises(Refused) as refused:
            self.stack.client.log("registry", head + 1)
        self.assertIn("DIVERGED", str(refused.exception))
        self.expect(202, self.publish(event()))  # which nothing of this touches

    def test_a_reader_is_told_once_a_backup_was_put_back(self):
        backup, head = self.tool("pg_dump", "-n", "registry"), self.head()
        self.register(5)
        read = self.head()
        following = self.live(after=read - 1, stream="registry")
        self.assertEqual(following()[0], read)
        self.put_back(backup)
        with self.assertRaises((EOFError, http.client.IncompleteRead)):
            self.within(40, following)
        def told():
            answer = self.read(read)
            return answer if answer.status != 503 else None
        self.refused(eventually(told, what="registry is back"), head)
        self.refused(self.read(read, Accept="text/event-stream"), head)
        self.assertEqual(self.expect(200, self.read(head)).json, [])

    def position(self, after="end"):
        return self.expect(200, self.read(after)).headers["Koppel-Next"]

    def test_a_reader_is_told_though_its_number_was_overtaken(self):
        self.register(3)
        backup, head = self.tool("pg_dump", "-n", "registry"), self.head()
        level = self.position()
        epoch, _, last = level.partition(":")
        self.assertEqual(last, str(head))
        behind = f"{epoch}:{head - 2}"
        self.register(5)
        gone = self.position(head)
        following = self.live(after=gone, stream="registry")
        for _ in range(2):  # the second time the same backup, and other events behind it
            self.put_back(backup)
            eventually(lambda: self.read(0).status == 200, what="registry is back")
            self.assertEqual(self.position(), level)  # no event was written in the new epoch yet
            self.assertEqual(self.position(head), level)
            self.register(1)
            problem = self.expect(409, self.read(gone)).json  # beyond the end; what was said since is not the reader's
            self.assertIn(f"this log ends at {self.head()}", problem["detail"])
            self.assertIn(f"begin again after {head} at the latest", problem["detail"])
            self.register(7)
            with self.assertRaises((EOFError, http.client.IncompleteRead)):
                self.within(40, following)
            for answer in (self.read(gone), self.read(gone, Accept="text/event-stream"),
                           self.read(0, Accept="text/event-stream", Last_Event_ID=gone)):
                problem = self.expect(409, answer).json
                self.assertEqual(problem["code"], "BUS-DIVERGED")
                self.assertIn(f"begin again after {head} at the latest", problem["detail"])
            for after in (level, head):
                read = [one["seq"] for one in self.expect(200, self.read(after)).json]
                self.assertEqual(read, list(range(head + 1, self.head() + 1)))
            read = [one["seq"] for one in self.expect(200, self.read(behind)).json]
            self.assertEqual(read, list(range(head - 1, self.head() + 1)))
            gone = self.position(level)
            self.assertEqual(gone, f"{self.expect(200, self.read(level)).json[-1]['epoch']}:{self.head()}")
            self.assertEqual(self.expect(200, self.read(gone)).json, [])
            following = self.live(last=gone, stream="registry")


if __name__ == "__main__":
    unittest.main()
