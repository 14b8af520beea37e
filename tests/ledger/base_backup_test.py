"""An old base backup is put in the place of a cluster: of all services at once they go on from that moment; of one of
them those that had read further stop and say so, until the newer copy is back."""
import random
import signal
import unittest

from ledger import BUILD, PROGRAMS, SERVICES, Load, MiniStack, faults

from postgres import Postgres
from waiting import eventually


def base_backup(postgres, name):
    copy = postgres.folder / name
    postgres.run(f"{postgres.bin}/pg_basebackup", "-h", str(postgres.folder), "-U", "admin", "-D", str(copy), "-X", "stream",
                 "--checkpoint=fast")
    return copy


def put_in_place(postgres, copy):
    """The server dies, and comes back on the copy; returns where its own data are kept."""
    postgres.stop(signal.SIGQUIT)
    kept = postgres.folder / f"kept-{copy.name}"
    postgres.data.rename(kept)
    copy.rename(postgres.data)
    postgres.start()
    return kept


class WholeStack(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(MiniStack(SERVICES, PROGRAMS))

    def load(self, name, answers):
        load = Load(self.stack, name, random.Random(name))
        load.start()
        eventually(lambda: len(load.answers) > answers, what="answers")
        return load

    def test_all_go_back_together(self):
        load = self.load("before", 50)
        kept = dict(load.answers)
        copy = base_backup(self.stack.postgres, "old")
        there = len(load.answers)
        eventually(lambda: len(load.answers) > there + 50, what="answers after the backup")
        load.end()
        self.stack.settled()
        gone = int(self.stack.psql("SELECT last_seq FROM source.stream_head"))
        put_in_place(self.stack.postgres, copy)
        # Nobody goes on with what it has in memory: it belongs to what is gone.
        for name, process in list(self.stack.processes.items()):
            eventually(lambda: process.poll() is not None, 60, f"{name} ended")
            self.assertEqual(process.returncode, 1)
            self.assertIn("BUS-FENCED", self.stack.log_tail(name))
            self.stack.start(name)
        for name in SERVICES:
            self.stack.wait_ready(name)
        self.assertLess(int(self.stack.psql("SELECT last_seq FROM source.stream_head")), gone)
        after = self.load("after", 50)
        after.end()
        self.stack.settled()
        eventually(lambda: self.stack.psql("SELECT (SELECT count(*) FROM relay.timer) + (SELECT count(*) FROM relay.effect)") == "0",
                   what="timers and effects done")
        self.stack.settled()
        self.assertEqual((faults(self.stack), after.broken_promises(self.stack)), ({}, []))
        done = dict((mark, (int(first), int(n))) for mark, first, n in
                    (row.split("|") for row in self.stack.psql("SELECT mark, first, n FROM source.emitted").splitlines()))
        self.assertEqual({mark: done.get(mark) for mark in kept}, kept)
        for name in SERVICES:
            self.assertNotIn("DIVERGED", (self.stack.folder / f"{name}.log").read_text())


class OfTwo(MiniStack):
    """The source has a cluster of its own."""

    def build(self):
        self.folder.chmod(0o755)
        (self.folder / "apart").mkdir()
        self.apart = Postgres(self.folder / "apart")
        self.apart.create()
        self.apart.start()
        self.apart.add_service("source")
        super().build()

    def service_environment(self, name):
        environment = super().service_environment(name)
        if name == "source":
            environment["BUS_DATABASE"] = f"host={self.apart.folder} dbname=koppel user=source"
        return environment

    def __exit__(self, *_):
        for process in self.processes.values():
            process.kill()
            process.wait()
        self.processes = {}
        if hasattr(self, "apart"):
            self.apart.stop()
        super().__exit__()


class OneService(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(OfTwo(["source", "drain"], {name: BUILD / f"bin/ledger-{name}" for name in ("source", "drain")}))

    def emit(self, n):
        self.stack.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": n}, seconds=20)

    def drained(self):
        return self.stack.psql("SELECT count(*), count(DISTINCT number), max(seq) FROM drain.drained")

    def state(self):
        return self.stack.client.admin("drain", "STATUS")["follows"][0]["state"]

    def start_source(self):
        self.stack.client.forget("source")
        self.stack.start("source")
        self.stack.wait_ready("source")

    def test_the_newer_copy_heals_it(self):
        self.emit(50)
        self.stack.settled()
        old = base_backup(self.stack.apart, "old")
        self.emit(30)
        self.stack.settled()
        read = self.drained()
        source = self.stack.processes["source"]
        newer = put_in_place(self.stack.apart, old)
        eventually(lambda: source.poll() is not None, 60, "the source ended")
        self.assertIn("BUS-FENCED", self.stack.log_tail("source"))
        self.start_source()
        eventually(lambda: self.state() == "diverged", what="the reader saying so")
        self.assertIn("BUS-DIVERGED", self.stack.log_tail("drain"))
        self.emit(100)
        self.assertEqual(self.drained(), read)
        # As the runbook says: the copy that has the event is put back, and the reader goes on by itself.
        self.stack.kill("source")
        put_in_place(self.stack.apart, newer)
        self.start_source()
        self.emit(5)
        self.stack.settled()
        n = 50 + 30 + 5
        self.assertEqual(self.drained().split("|")[:2], [str(n), str(n)])
        self.assertEqual(self.state(), "reading")


if __name__ == "__main__":
    unittest.main()
